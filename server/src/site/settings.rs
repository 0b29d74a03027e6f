//! The settings that administrators change in the site, each with its default.

use serde::{Deserialize, Serialize};

use crate::i18n::{Locale, t};

/// When what a member proposes about their own offers becomes public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembersPublish {
    /// Once a pilot accepted it.
    #[default]
    AfterReview,
    /// At once.
    AtOnce,
}

/// Facts about the association, and how the site behaves. A fact that nobody gave is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteSettings {
    /// The name of the association.
    pub association: String,
    /// Where it can be written to, in one line.
    pub address: String,
    /// Its number in the register of associations or of firms.
    pub registration: String,
    /// Who answers for what is published.
    pub publisher: String,
    /// Who keeps the machine: name, address, telephone.
    pub host: String,
    /// The address that people write to.
    pub contact: String,
    /// The address for questions about personal data; where empty, `contact`.
    pub data_contact: String,
    /// When what members propose about their own offers becomes public.
    pub members_publish: MembersPublish,
    /// After so many months without a look, an offer is stale.
    pub stale_after_months: u32,
    /// The hour of the pilots' daily mail, by the clock of the site.
    pub digest_hour: u8,
    /// Whether visitors are offered the English pages.
    pub english: bool,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            association: String::new(),
            address: String::new(),
            registration: String::new(),
            publisher: String::new(),
            host: String::new(),
            contact: String::new(),
            data_contact: String::new(),
            members_publish: MembersPublish::default(),
            stale_after_months: 12,
            digest_hour: 8,
            english: true,
        }
    }
}

/// What a text may say of the association, by the name that stands in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The name in braces.
    pub name: &'static str,
    /// What it is, in words.
    pub label: String,
    /// What it says; none where nobody gave it yet.
    pub value: Option<String>,
}

impl SiteSettings {
    /// The address for questions about personal data.
    pub fn data_contact(&self) -> &str {
        if self.data_contact.is_empty() { &self.contact } else { &self.data_contact }
    }

    /// Whether visitors are offered this language.
    pub fn speaks(&self, locale: Locale) -> bool {
        locale == Locale::Fr || self.english
    }

    /// All facts, in the order in which they are asked for.
    pub fn facts(&self, locale: Locale) -> Vec<Fact> {
        let fact = |name, label: &str, value: &str| Fact {
            name,
            label: label.to_owned(),
            value: Some(value).filter(|value| !value.is_empty()).map(str::to_owned),
        };
        let months = self.stale_after_months.to_string();
        vec![
            fact("association", &t(locale, "site.fact.association", &[]), &self.association),
            fact("adresse", &t(locale, "site.fact.address", &[]), &self.address),
            fact("immatriculation", &t(locale, "site.fact.registration", &[]), &self.registration),
            fact("direction_publication", &t(locale, "site.fact.publisher", &[]), &self.publisher),
            fact("hebergeur", &t(locale, "site.fact.host", &[]), &self.host),
            fact("contact", &t(locale, "site.fact.contact", &[]), &self.contact),
            fact("contact_donnees", &t(locale, "site.fact.data_contact", &[]), self.data_contact()),
            fact("mois_avant_verification", &t(locale, "site.fact.stale", &[]), &months),
        ]
    }

    /// The facts that nobody gave yet.
    pub fn missing(&self, locale: Locale) -> Vec<Fact> {
        let mut facts = self.facts(locale);
        // Questions about data go to the contact where they have no address of their own.
        facts.retain(|fact| fact.value.is_none() && fact.name != "contact_donnees");
        facts
    }

    /// Each setting by its field, as it is told in the list of changes.
    pub fn told(&self) -> [(&'static str, String); 11] {
        let publish = match self.members_publish {
            MembersPublish::AfterReview => "after_review",
            MembersPublish::AtOnce => "at_once",
        };
        [
            ("association", self.association.clone()),
            ("address", self.address.clone()),
            ("registration", self.registration.clone()),
            ("publisher", self.publisher.clone()),
            ("host", self.host.clone()),
            ("contact", self.contact.clone()),
            ("data_contact", self.data_contact.clone()),
            ("members_publish", publish.to_owned()),
            ("stale_after_months", self.stale_after_months.to_string()),
            ("digest_hour", self.digest_hour.to_string()),
            ("english", self.english.to_string()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_program_kept_is_read_with_the_defaults_of_what_is_new() {
        let kept: SiteSettings = serde_json::from_str(r#"{"contact":"a@exemple.fr"}"#).unwrap();

        assert_eq!(
            kept,
            SiteSettings { contact: "a@exemple.fr".into(), ..SiteSettings::default() }
        );
        assert_eq!(kept.members_publish, MembersPublish::AfterReview);
    }

    #[test]
    fn questions_about_data_go_to_the_contact_where_they_have_no_address_of_their_own() {
        let mut settings = SiteSettings { contact: "a@exemple.fr".into(), ..Default::default() };
        assert_eq!(settings.data_contact(), "a@exemple.fr");
        assert!(settings.missing(Locale::Fr).iter().all(|fact| fact.name != "contact"));

        settings.data_contact = "rgpd@exemple.fr".into();

        assert_eq!(settings.data_contact(), "rgpd@exemple.fr");
    }
}
