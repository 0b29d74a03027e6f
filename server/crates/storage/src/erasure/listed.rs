//! Lists of members: one that holds a word which must go is forgotten, whatever else stands in it.

use serde_json::Value;

use super::{Errand, judging};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::member_lists;

impl Errand<'_> {
    pub(super) async fn member_lists(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const ALL: &str = "select id, file_name, content from member_lists";

        let lines: Vec<(i64, String, String)> =
            on_engine!(tx, conn => sqlx::query_as(ALL).fetch_all(&mut **conn).await?);
        let mut count = 0;
        for (id, file_name, content) in lines {
            let content = serde_json::from_str(&content).unwrap_or(Value::String(content));
            let all = Value::Array(vec![Value::String(file_name), content]);
            if judging::holds_words(self.what, all) {
                count += 1;
                if self.redacts() {
                    member_lists::remove(tx, id).await?;
                }
            }
        }
        Ok(count)
    }
}
