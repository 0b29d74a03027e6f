//! A list of offers as an address asks for it: the same words, filters and order in pages and in files.

use std::cmp::Ordering;

use tablee_domain::ids::{ColumnId, Timestamp};
use tablee_domain::offer::catalogue::Facet;
use tablee_domain::offer::search::Corrected;
use tablee_domain::offer::session::Day;
use tablee_domain::offer::{Query, Sort};
use tablee_domain::table::{Columns, Kind, Plain, Row};
use tablee_domain::text::French;
use url::form_urlencoded;

use super::Edition;
use crate::i18n::Locale;
use crate::wording::words;

/// In which order a list stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// One of the catalogue's own.
    Usual(Sort),
    /// By any column, empty cells last: what the heads of the table ask for.
    Column {
        /// The column.
        id: ColumnId,
        /// From Z to A, from the largest, from the latest.
        descending: bool,
    },
}

impl Order {
    /// The order that a word names: `titre`, `recent`, or a column, with `-` before it to turn it round; the
    /// usual one for any other word.
    fn parse(columns: &Columns, word: &str, query: &Query) -> Self {
        if Sort::parse(word).is_some() {
            return Self::Usual(query.order());
        }
        let (name, descending) = word.strip_prefix('-').map_or((word, false), |name| (name, true));
        match columns.get(name) {
            Some(column) if column.id.as_str() == "intitule" && !descending => {
                Self::Usual(Sort::Title)
            }
            Some(column) => Self::Column { id: column.id.clone(), descending },
            None => Self::Usual(query.order()),
        }
    }

    /// Its word in addresses; `None` for the order of this query that goes without saying.
    pub fn word(&self, query: &Query) -> Option<String> {
        match self {
            Self::Usual(Sort::Relevance) => None,
            Self::Usual(sort) if *sort == query.usual_order() => None,
            Self::Usual(sort) => Some(sort.as_str().to_owned()),
            Self::Column { id, descending } => {
                Some(format!("{}{id}", if *descending { "-" } else { "" }))
            }
        }
    }

    /// Whether the table stands in the order of this column, and if so whether turned round.
    pub fn of_column(&self, column: &str) -> Option<bool> {
        match self {
            Self::Column { id, descending } if id.as_str() == column => Some(*descending),
            Self::Usual(Sort::Title) if column == "intitule" => Some(false),
            Self::Usual(Sort::Provider) if column == "organisme" => Some(false),
            _ => None,
        }
    }
}

/// What an address asks for, and what it finds.
pub struct Listing<'a> {
    /// What was asked.
    pub query: Query,
    /// In which order.
    pub order: Order,
    /// All that was found, in its order.
    pub rows: Vec<&'a Row>,
    /// The facets with their counts.
    pub facets: Vec<Facet<'a>>,
    /// How many of them one would see with a session to come.
    pub to_come: usize,
    /// Words that no offer holds, and those that were looked for instead.
    pub corrected: Vec<Corrected>,
    /// No offer holds all words: these hold most of them.
    pub only_most: bool,
    locale: Locale,
}

impl<'a> Listing<'a> {
    /// Reads the query of an address and finds what it asks for today.
    pub fn of(edition: &'a Edition, query: Option<&str>, now: Timestamp) -> Self {
        let locale = Locale::of_query(query);
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        let columns = edition.catalogue.columns();
        let asked = pairs.iter().rev().find(|(name, _)| name == "tri");
        let word = asked.map_or_else(String::new, |(_, word)| word.trim().to_owned());
        let query = Query::from_pairs(columns, pairs);
        let order = Order::parse(columns, &word, &query);
        let found = edition.catalogue.find(&query, Day::of(now));
        let mut rows = found.rows;
        if let Order::Column { id, descending } = &order {
            sort_by_column(&mut rows, columns, id, *descending);
        }
        Self {
            query,
            order,
            rows,
            facets: found.facets,
            to_come: found.to_come,
            corrected: found.corrected,
            only_most: found.only_most,
            locale,
        }
    }

    /// The address of another query in this order and language, under a path.
    pub fn address(&self, path: &str, query: &Query) -> String {
        self.address_in(path, query, &self.order)
    }

    /// The address of a query in another order.
    pub fn address_in(&self, path: &str, query: &Query, order: &Order) -> String {
        let mut written = form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            query.pairs().into_iter().filter(|(name, _)| name != "tri" && name != "page")
        {
            written.append_pair(&name, &value);
        }
        if let Some(word) = order.word(query) {
            written.append_pair("tri", &word);
        }
        if query.page > 1 {
            written.append_pair("page", &query.page.to_string());
        }
        if self.locale != Locale::Fr {
            written.append_pair("lang", self.locale.tag());
        }
        let written = written.finish();
        if written.is_empty() { path.to_owned() } else { format!("{path}?{written}") }
    }
}

/// Sorts by what people read in a column: numbers and dates as such, words as a French dictionary.
fn sort_by_column(rows: &mut [&Row], columns: &Columns, id: &ColumnId, descending: bool) {
    let Some(column) = columns.get(id.as_str()) else { return };
    let french = French::new();
    let number = |row: &Row| match row.cell(id.as_str()) {
        Plain::Number(number) => Some(*number),
        Plain::Bool(yes) => Some(f64::from(u8::from(*yes))),
        _ => None,
    };
    // Dates are written from the year to the day: their letters sort as their days do.
    let text = |row: &Row| match (column.kind, row.cell(id.as_str())) {
        (Kind::Date, Plain::Text(date)) => date.clone(),
        (_, value) => {
            words(Locale::Fr, column, value).map(|it| it.in_one_line()).unwrap_or_default()
        }
    };
    let mut keyed: Vec<(Option<f64>, String, &Row)> =
        rows.iter().map(|row| (number(row), text(row), *row)).collect();
    keyed.sort_by(|a, b| {
        // What is empty stays last in both directions.
        match a.1.is_empty().cmp(&b.1.is_empty()) {
            Ordering::Equal => {}
            empty_last => return empty_last,
        }
        let order = match (a.0, b.0) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => french.compare(&a.1, &b.1),
        };
        if descending { order.reverse() } else { order }
    });
    for (place, (_, _, row)) in rows.iter_mut().zip(keyed) {
        *place = row;
    }
}
