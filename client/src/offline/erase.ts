/** The databases of `sync/device.ts`, one for each person and table. */
const OURS = "tablee:";
/** What is in these is on this device only. */
const UNSAVED = ["outbox", "asides"] as const;

/** Erases what the server has too. What was not saved stays for its person, whom only their own login opens. */
export async function eraseSaved(storage: IDBFactory): Promise<void> {
  // Some browsers cannot say what they keep: there the table's own page erases it, and nobody else.
  const all = (await storage.databases?.()) ?? [];
  for (const { name } of all) {
    if (name?.startsWith(OURS) && (await isSaved(storage, name))) await done(storage.deleteDatabase(name));
  }
}

async function isSaved(storage: IDBFactory, name: string): Promise<boolean> {
  const db = await done(storage.open(name));
  try {
    const transaction = db.transaction(UNSAVED);
    const counts = UNSAVED.map((store) => done(transaction.objectStore(store).count()));
    return (await Promise.all(counts)).every((count) => count === 0);
  } catch {
    // Of another shape than we know: not ours to judge.
    return false;
  } finally {
    db.close();
  }
}

function done<Value>(request: IDBRequest<Value> | IDBOpenDBRequest): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as Value);
    request.onerror = () => reject(request.error);
    // Other tabs let go when they are told, and the erasure then goes on by itself.
    if ("onblocked" in request) request.onblocked = () => resolve(request.result as Value);
  });
}
