//! What was typed into the form, each field as often as it came.

use tablee_domain::proposal::FieldsOf;

use crate::web::extract::Fields;

/// What was typed, in the order in which it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// The first value of a field; empty where it did not come.
    pub fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Whether a field holds anything.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, value)| known == name && !value.trim().is_empty())
    }

    /// Puts another value at the end of a field.
    pub fn add(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Puts values in the place of a field's.
    pub fn set(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        self.0.retain(|(known, _)| known != name);
        self.0.extend(values.into_iter().map(|value| (name.to_owned(), value)));
    }

    /// All values, of all fields.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, value)| value.as_str())
    }

    /// Whether nothing at all came.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<(String, String)>> for Typed {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self(fields.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

impl FieldsOf for Typed {
    fn all(&self, name: &str) -> Vec<String> {
        self.0.all(name)
    }
}
