//! An offer in the words of schema.org, for machines that read pages: `Course` and `CourseInstance`.
//!
//! What is not known is not said: no empty property, no guessed tax, no price that is only words. The text stands in
//! a block of data, which no browser runs; what could end the block is escaped.

use std::fmt::{self, Write};

use serde_json::{Map, Value, json};
use tablee_domain::offer::Catalogue;
use tablee_domain::offer::session::{Session, sessions};
use tablee_domain::table::{Plain, Row};

use crate::i18n::Locale;
use crate::wording::{one_line, web_link, words};

/// An offer of a catalogue on its way into a block of data.
pub struct Course<'a> {
    /// Where its columns are found.
    pub catalogue: &'a Catalogue,
    /// The offer.
    pub row: &'a Row,
    /// Its page here.
    pub page: &'a str,
    /// The language of labels.
    pub locale: Locale,
    /// The licence of the data.
    pub licence: &'a str,
}

/// The text of a block of data: JSON in which nothing could end the block. Templates write it as it stands, which
/// they do with no other text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block(String);

impl Block {
    /// Escapes what could end the block, or a line of old JavaScript.
    pub fn of(data: &Value) -> Self {
        let text = data.to_string();
        let mut safe = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    let _ = write!(safe, "\\u{:04x}", u32::from(letter));
                }
                letter => safe.push(letter),
            }
        }
        Self(safe)
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Block {}

impl Course<'_> {
    /// The block.
    pub fn block(&self) -> Block {
        Block::of(&self.to_json())
    }

    fn to_json(&self) -> Value {
        let mut course = Known::of("Course");
        course.put("@context", json!("https://schema.org"));
        course.put("@id", json!(self.page));
        course.put("url", json!(self.page));
        course.put("identifier", json!(self.row.id.as_str()));
        course.text("name", &one_line(self.row.text("intitule")));
        course.text("description", &self.description());
        course.put_known("provider", self.provider());
        course.texts("keywords", self.list("themes"));
        course.texts("teaches", self.list("competences"));
        course.text("coursePrerequisites", &self.line("prerequis"));
        course.text("educationalLevel", &self.line("niveau"));
        let audience = |it| json!({ "@type": "EducationalAudience", "audienceType": it });
        course.list("audience", self.list("publics").into_iter().map(audience).collect());
        course.texts("inLanguage", self.languages());
        course.text("educationalCredentialAwarded", &self.credential());
        course.put_known("sameAs", web_link(self.row.text("url")).map(|link| json!(link.href)));
        course.put_known("isAccessibleForFree", self.is_free());
        course.list("offers", self.offers());
        course.list("hasCourseInstance", self.instances());
        course.text("dateModified", self.row.text("verifie_le"));
        course.put("license", json!(self.licence));
        course.into()
    }

    fn line(&self, column: &str) -> String {
        let column = self.catalogue.columns().get(column);
        let said = column.and_then(|it| words(self.locale, it, self.row.cell(it.id.as_str())));
        said.map(|said| said.in_one_line()).filter(|said| said != "inconnu").unwrap_or_default()
    }

    fn list(&self, column: &str) -> Vec<String> {
        let column = self.catalogue.columns().get(column);
        match column.and_then(|it| words(self.locale, it, self.row.cell(it.id.as_str()))) {
            Some(crate::wording::Words::List(items)) => items,
            _ => Vec::new(),
        }
    }

    /// The summary, else the objectives: schema.org wants a description, and we make none up.
    fn description(&self) -> String {
        let summary = self.line("resume");
        if summary.is_empty() { self.line("objectifs") } else { summary }
    }

    fn provider(&self) -> Option<Value> {
        let name = one_line(self.row.text("organisme"));
        (!name.is_empty()).then(|| json!({ "@type": "Organization", "name": name }))
    }

    /// Options of the column are ISO 639-1 where such a code exists; the others are left out.
    fn languages(&self) -> Vec<String> {
        let chosen = self.row.cell("langue").as_map();
        let codes = chosen.into_iter().flat_map(|chosen| chosen.keys());
        codes.filter(|code| code.len() == 2).cloned().collect()
    }

    fn credential(&self) -> String {
        let parts = [self.line("certification_type"), self.line("code_rncp"), self.line("code_rs")];
        let told = self.row.text("certification_type") != "aucune";
        let parts = parts.into_iter().filter(|part| told && !part.is_empty());
        parts.collect::<Vec<_>>().join(", ")
    }

    fn is_free(&self) -> Option<Value> {
        match self.row.text("tarif_type") {
            "gratuit" => Some(json!(true)),
            "payant" | "sur_devis" => Some(json!(false)),
            _ => None,
        }
    }

    fn offers(&self) -> Vec<Value> {
        let prices = self.row.cell("tarifs").as_map();
        let prices = prices.into_iter().flat_map(|items| items.values());
        let mut offers: Vec<Value> = prices.filter_map(|price| self.offer(price)).collect();
        if offers.is_empty() && self.row.text("tarif_type") == "gratuit" {
            offers.push(json!({ "@type": "Offer", "price": 0, "priceCurrency": "EUR" }));
        }
        offers
    }

    /// A price. Whether taxes are in it is said only where the entry says it.
    fn offer(&self, price: &Plain) -> Option<Value> {
        let price = price.as_map()?;
        let word = |key: &str| price.get(key).and_then(Plain::as_text).unwrap_or_default();
        let amount = price.get("montant").and_then(Plain::as_number)?;
        let currency = Some(word("devise")).filter(|it| it.len() == 3)?;
        let mut specification = Known::of("UnitPriceSpecification");
        let from = price.get("a_partir_de") == Some(&Plain::Bool(true));
        specification.put(if from { "minPrice" } else { "price" }, json!(amount));
        specification.put("priceCurrency", json!(currency));
        match word("taxe") {
            "TTC" => specification.put("valueAddedTaxIncluded", json!(true)),
            "HT" => specification.put("valueAddedTaxIncluded", json!(false)),
            _ => {}
        }
        specification.text("unitText", word("unite"));
        let mut offer = Known::of("Offer");
        offer.text("name", word("profil"));
        offer.put("priceSpecification", specification.into());
        offer.put("url", json!(self.page));
        Some(offer.into())
    }

    fn instances(&self) -> Vec<Value> {
        let sessions = sessions(self.row);
        let dated = sessions.iter().filter(|session| session.dates.is_some());
        let mut instances: Vec<Value> = dated.map(|session| self.instance(Some(session))).collect();
        // How long it takes and in what form is worth telling without a date too.
        if instances.is_empty() && (self.mode().is_some() || self.workload().is_some()) {
            instances.push(self.instance(None));
        }
        instances
    }

    fn instance(&self, session: Option<&Session<'_>>) -> Value {
        let mut instance = Known::of("CourseInstance");
        instance.put_known("courseMode", self.mode().map(|mode| json!(mode)));
        instance.put_known("courseWorkload", self.workload().map(|workload| json!(workload)));
        if let Some(session) = session {
            instance.text("startDate", session.word("debut"));
            instance.text("endDate", session.word("fin"));
            let state = match session.word("etat_recrutement") {
                "annulée" => Some("EventCancelled"),
                "reportée" => Some("EventPostponed"),
                _ => None,
            };
            let state = state.map(|state| json!(format!("https://schema.org/{state}")));
            instance.put_known("eventStatus", state);
            let place = one_line(session.word("lieu"));
            instance.put_known("location", self.location(&place));
        }
        instance.into()
    }

    /// The place of a session, else the only place of the offer.
    fn location(&self, place: &str) -> Option<Value> {
        let places = self.list("lieux");
        let named = if place.is_empty() && places.len() == 1 { &places[0] } else { place };
        (!named.is_empty()).then(|| json!({ "@type": "Place", "name": named, "address": named }))
    }

    fn mode(&self) -> Option<&'static str> {
        match self.row.text("modalite") {
            "presentiel" => Some("onsite"),
            "distanciel" | "distanciel_synchrone" | "distanciel_asynchrone" => Some("online"),
            "hybride" => Some("blended"),
            _ => None,
        }
    }

    /// `PT18H30M`.
    fn workload(&self) -> Option<String> {
        let hours =
            self.row.cell("duree_heures").as_number().filter(|it| (0.0..1e6).contains(it))?;
        let minutes = (hours * 60.0).round() as u64;
        match (minutes / 60, minutes % 60) {
            (0, 0) => None,
            (hours, 0) => Some(format!("PT{hours}H")),
            (0, minutes) => Some(format!("PT{minutes}M")),
            (hours, minutes) => Some(format!("PT{hours}H{minutes}M")),
        }
    }
}

/// A thing of which only what is known is told.
struct Known(Map<String, Value>);

impl Known {
    fn of(kind: &str) -> Self {
        Self([("@type".to_owned(), json!(kind))].into_iter().collect())
    }

    fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    fn put_known(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.put(name, json!(text));
        }
    }

    fn texts(&mut self, name: &str, texts: Vec<String>) {
        self.list(name, texts.into_iter().map(Value::String).collect());
    }

    fn list(&mut self, name: &str, mut values: Vec<Value>) {
        match values.len() {
            0 => {}
            1 => self.put(name, values.remove(0)),
            _ => self.put(name, Value::Array(values)),
        }
    }
}

impl From<Known> for Value {
    fn from(known: Known) -> Self {
        Self::Object(known.0)
    }
}
