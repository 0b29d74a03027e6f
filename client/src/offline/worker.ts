/**
 * The service worker: opens the live table where there is no network. Built to `/sw.js`, with the list of files
 * that this build made; another build is another worker, and takes the place of this one with all its files.
 */
import { eraseSaved } from "./erase";
import { cacheOf, handsOf, isAway, NOBODY, outdated, PATIENCE_MS, SHELL, wayOf } from "./rules";

/** What a service worker is to us: the DOM's own types know pages only. */
interface Worker {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", heard: (event: Lasting) => void): void;
  addEventListener(type: "fetch", heard: (event: Fetching) => void): void;
}
interface Lasting {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

/** Written in by the build. */
declare const TABLEE_FILES: readonly string[];
declare const TABLEE_VERSION: string;

const worker = self as unknown as Worker;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const way = wayOf(event.request, worker.location.origin);
  if (way === "kept-first") event.respondWith(keptFirst(event.request));
  if (way === "network-first") event.respondWith(networkFirst(event.request));
  const hands = handsOf(event.request, worker.location.origin);
  if (hands !== null) event.respondWith(changeHands(event.request, hands));
});

/** All or nothing: a build of which one file is missing is not kept at all. */
async function install(): Promise<void> {
  const cache = await caches.open(cacheOf(TABLEE_VERSION));
  // The shell without a cookie, so that nobody in particular can be in it, and never one that a cache had.
  const shell = new Request(SHELL, { cache: "reload", credentials: "omit" });
  await cache.addAll([...TABLEE_FILES, shell]);
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(outdated(names, TABLEE_VERSION).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function keptFirst(request: Request): Promise<Response> {
  return (await kept(request)) ?? fetch(request);
}

async function networkFirst(request: Request): Promise<Response> {
  const asked = fetch(request);
  // Where the shell has come meanwhile, nobody asks any more how it ended.
  asked.catch(() => {});
  try {
    const answer = await Promise.race([asked, patience()]);
    if (answer !== null && !isAway(answer.status)) return answer;
  } catch {
    // No network.
  }
  return (await kept(SHELL)) ?? asked;
}

/**
 * Whoever signs in next never opens the table of whoever was here last, and what the one who left had saved is
 * erased from the device, on whichever page they pressed the button.
 */
async function changeHands(request: Request, hands: "leaves" | "comes"): Promise<Response> {
  const answer = await fetch(request);
  if (answer.type === "opaqueredirect" || answer.ok) {
    await caches.open(NOBODY);
    if (hands === "leaves") await eraseSaved(indexedDB);
  }
  return answer;
}

async function kept(request: Request | string): Promise<Response | undefined> {
  const cache = await caches.open(cacheOf(TABLEE_VERSION));
  return cache.match(request, { ignoreVary: true });
}

function patience(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
}
