//! The plan as a page: one list at a time, with what a person may decide.

use std::collections::HashSet;

use tablee_domain::ids::RowId;
use tablee_domain::import::{Decisions, ImportPlan};
use tablee_domain::table::{Columns, TableValues};

use super::choices::name_of;
use super::entries::{self, Entry, List};
use super::row::Rows;
use super::{Asked, look::Look};
use crate::history::diff::Effort;
use crate::history::places::Places;
use crate::i18n::{self, t, tn};
use crate::templates::import_plan::{EntryView, KindView, PlanPage};
use crate::web::urls;

/// What a page of a plan is made of.
pub struct PlanLook<'a> {
    /// Who looks at what.
    pub look: Look<'a>,
    /// The plan.
    pub plan: &'a ImportPlan,
    /// The decisions that are shown.
    pub decisions: &'a Decisions,
    /// The table as it stands.
    pub values: &'a TableValues,
}

impl PlanLook<'_> {
    /// The page that was asked for.
    pub fn page(self, asked: &Asked) -> PlanPage {
        let (plan, decisions, locale) = (self.plan, self.decisions, self.look.base.locale);
        let list = asked.list.unwrap_or_else(|| List::first_filled(plan, decisions));
        let found = entries::entries(plan, decisions, list, &asked.words);
        let starts = entries::pages(&found);
        let at = asked.page.clamp(1, starts.len());
        let from = starts[at - 1];
        let until = starts.get(at).copied().unwrap_or(found.len());
        let known = self.values.columns.iter().cloned().chain(plan.new_columns.iter().cloned());
        let columns = Columns::new(known.collect());
        let rows = Rows {
            look: &self.look,
            plan,
            decisions,
            values: self.values,
            places: Places { columns: &columns, locale },
        };
        let mut effort = Effort::default();
        let entries: Vec<EntryView> =
            found[from..until].iter().map(|entry| rows.entry(entry, &mut effort)).collect();
        let word = list.word();
        PlanPage {
            action: self.look.address("/lignes", &[]),
            would: self.would(),
            kinds: self.kinds(list),
            kind: word,
            kind_label: t(locale, &format!("import.kind.{word}"), &[]).into_owned(),
            help: t(locale, &format!("import.kind_help.{word}"), &[]).into_owned(),
            words: asked.words.clone(),
            page: at,
            entries,
            counted: tn(locale, "import.plan.rows", found.len(), &[]),
            at_once: self.at_once(list, &found),
            previous: (at > 1).then(|| at - 1),
            next: (at < starts.len()).then_some(at + 1),
            where_in_pages: t(
                locale,
                "pages.here",
                &[
                    ("page", &i18n::number(locale, at as f64)),
                    ("pages", &i18n::number(locale, starts.len() as f64)),
                ],
            )
            .into_owned(),
            frame: self.look.frame("plan"),
            base: self.look.base,
        }
    }

    /// What would be written, in a sentence.
    fn would(&self) -> String {
        let locale = self.look.base.locale;
        let counts = self.plan.counts(self.decisions);
        let parts = super::applying::in_words(locale, &counts);
        if parts.is_empty() {
            let is_known = self.plan.changes_nothing() && self.plan.undecided.is_empty();
            let in_bin = self.in_bin();
            if is_known && in_bin > 0 {
                return tn(locale, "import.plan.in_bin", in_bin, &[]);
            }
            let key =
                if is_known { "import.plan.nothing_new" } else { "import.plan.nothing_ticked" };
            return t(locale, key, &[]).into_owned();
        }
        let what = parts.join(", ");
        t(locale, "import.plan.would", &[("what", &what)]).into_owned()
    }

    /// Rows of the file that the table has in its bin: they are known, and yet nobody sees them.
    fn in_bin(&self) -> usize {
        let rows = self.values.rows.iter().filter(|row| row.deleted);
        let binned: HashSet<&RowId> = rows.map(|row| &row.id).collect();
        self.plan.same.iter().filter(|same| binned.contains(&same.row)).count()
    }

    fn kinds(&self, here: List) -> Vec<KindView> {
        let locale = self.look.base.locale;
        let kinds = List::ALL.into_iter().map(|list| KindView {
            label: t(locale, &format!("import.kind.{}", list.word()), &[]).into_owned(),
            count: i18n::number(locale, list.count(self.plan, self.decisions) as f64),
            href: self.look.address("", &[("etape", "plan"), ("quoi", list.word())]),
            is_here: list == here,
        });
        kinds.collect()
    }

    /// The buttons for the whole list, where it has something to tick.
    fn at_once(&self, list: List, found: &[Entry<'_>]) -> Option<(String, String)> {
        let (yes, no) = match list {
            List::Added | List::Changed | List::Twice => ("import.plan.all", "import.plan.none"),
            List::Conflicts => ("import.plan.all_file", "import.plan.all_table"),
            _ => return None,
        };
        let locale = self.look.base.locale;
        let count = tn(locale, "import.plan.all_of", found.len(), &[]);
        let button = |key| format!("{} ({count})", t(locale, key, &[]));
        (!found.is_empty()).then(|| (button(yes), button(no)))
    }
}

impl Rows<'_> {
    /// How a form names the row of an entry.
    pub(super) fn name(&self, entry: &Entry<'_>) -> String {
        entry.line().map(|line| name_of(self.plan, &line)).unwrap_or_default()
    }

    /// The history of a row of the table.
    pub(super) fn history(&self, row: &RowId) -> (String, String) {
        let base = &self.look.base;
        (base.t("import.plan.row_history").into_owned(), base.link(&urls::history_of(row)))
    }
}
