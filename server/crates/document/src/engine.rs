//! The engine, held at arm's length: it may panic, and its transactions cannot be rolled back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use yrs::{IdSet, ReadTxn, TransactionMut};

use crate::outcome::Broken;

/// Commits and says what was done; nothing may be left waiting.
pub(crate) fn finish(txn: &mut TransactionMut<'_>) -> Result<(Vec<u8>, IdSet), Broken> {
    txn.commit();
    if txn.has_missing_updates() {
        return Err(Broken::Pending);
    }
    Ok((txn.encode_update_v1(), txn.delete_set().clone()))
}

/// Works in a transaction. Should the engine panic, the transaction is forgotten: its drop would commit.
pub(crate) fn in_transaction<'d, R>(
    mut txn: TransactionMut<'d>,
    work: impl FnOnce(&mut TransactionMut<'d>) -> R,
) -> Result<R, String> {
    match catch_unwind(AssertUnwindSafe(|| work(&mut txn))) {
        Ok(result) => {
            drop(txn);
            Ok(result)
        }
        Err(panic) => {
            std::mem::forget(txn);
            Err(words_of(&*panic))
        }
    }
}

pub(crate) fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
    words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
