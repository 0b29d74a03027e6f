//! Plans that nobody wanted are forgotten.

use std::time::Duration;

use tablee_domain::ids::Timestamp;
use tablee_storage::import_plans;

use super::{ImportError, Importer};

/// How long a plan is kept that nobody applies.
const KEPT_FOR: i64 = 30 * 24 * 60 * 60 * 1000;
/// How often this is looked at.
const EVERY: Duration = Duration::from_hours(24);

impl Importer {
    /// Forgets plans that were never applied and that nobody touched for thirty days.
    pub async fn forget_old_plans(&self) -> Result<u64, ImportError> {
        let before = Timestamp(self.0.clock.now().get() - KEPT_FOR);
        let mut tx = self.0.store.begin().await?;
        let forgotten = import_plans::forget_before(&mut tx, before).await?;
        tx.commit().await?;
        if forgotten > 0 {
            tracing::info!(forgotten, "plans of imports that nobody applied were forgotten");
        }
        Ok(forgotten)
    }

    /// Does so every day, until the program stops.
    pub fn keep_forgetting(&self) {
        let importer = self.clone();
        self.0.tasks.spawn(async move {
            let tasks = importer.0.tasks.clone();
            loop {
                tokio::select! {
                    () = tasks.stopping() => return,
                    () = tokio::time::sleep(EVERY) => {}
                }
                if let Err(error) = importer.forget_old_plans().await {
                    tracing::warn!(%error, "old plans were not forgotten today");
                }
            }
        });
    }
}
