//! Prices: each amount with its currency, its tax, what it is counted by and for whom.
//!
//! The value is a list of `{montant, devise, taxe, unite, profil, a_partir_de}`, each key only where the words
//! say it (domain reference, 3.3). What the words say of other columns (`tarif_type`, `financements`, `cpf`)
//! stands in [`Reading::also`].

mod item;

use std::collections::BTreeMap;

use super::token::{HARD_SIGNS, Tokens, items_of};
use super::{Reading, Why, number, too_many};
use crate::table::Plain;
use item::{Found, Item};

/// Reads all prices of a cell.
pub fn prices(words: &str) -> Reading {
    let mut cell = Cell::default();
    for part in items_of(words, &HARD_SIGNS) {
        let tokens = Tokens::of(part);
        cell.read(part, &tokens);
    }
    cell.settle(words)
}

/// What the items of a cell gave.
#[derive(Default)]
struct Cell {
    prices: Vec<Plain>,
    doubts: Vec<(Why, String)>,
    also: BTreeMap<String, Plain>,
    /// Words say how one pays, without a sum.
    says_how: bool,
}

impl Cell {
    fn read(&mut self, part: &str, tokens: &Tokens<'_>) {
        self.take_ways(part, tokens);
        let amounts = item::amounts(tokens);
        if let Some(why) = cannot_be_told_apart(tokens, &amounts) {
            self.doubts.push((why, part.to_owned()));
            return;
        }
        if amounts.is_empty() {
            self.read_without_amount(part, tokens);
            return;
        }
        let mut from = 0;
        for (place, amount) in amounts.iter().enumerate() {
            let to = match amounts.get(place + 1) {
                Some(next) => item::border(tokens, amount.to, next.from),
                None => tokens.len(),
            };
            let item = Item::read(tokens, from, to, amount);
            self.take(item);
            from = to;
        }
    }

    fn take(&mut self, item: Item) {
        if item.eligible {
            self.also.insert("cpf".to_owned(), "oui".into());
        }
        if item.value.get("montant") == Some(&Plain::Number(0.0)) {
            self.also.insert("tarif_type".to_owned(), "gratuit".into());
        }
        self.prices.push(Plain::Map(item.value));
        self.doubts.extend(item.doubts);
    }

    fn read_without_amount(&mut self, part: &str, tokens: &Tokens<'_>) {
        if let Some(item) = Item::of_bare_number(tokens) {
            self.take(item);
            return;
        }
        let item = Item::read(tokens, 0, tokens.len(), &Found::nothing());
        if item.value.contains_key("taxe") {
            self.take(item);
            self.doubts.push((Why::NoAmount, part.to_owned()));
        } else if !self.says_how {
            self.doubts.push((Why::NotAPrice, part.to_owned()));
        }
        self.says_how = false;
    }

    /// Words that say how one pays: free, on request, by whom.
    fn take_ways(&mut self, part: &str, tokens: &Tokens<'_>) {
        const LIBRE: [&str; 5] =
            ["prix libre", "participation libre", "prix : libre", "tarif libre", "tarif : libre"];
        let has_amount = !item::amounts(tokens).is_empty();
        let mut way = |option: &str| {
            if has_amount && option != "prix_libre" {
                return;
            }
            self.also.insert("tarif_type".to_owned(), option.into());
            self.says_how = true;
        };
        let free =
            tokens.says(&["gratuit", "gratuite", "gratuits", "offert", "offerte", "sans frais"]);
        let for_some = tokens.says(&["gratuit pour", "gratuite pour", "gratuits pour"])
            && !tokens.says(&["pour tous", "pour toutes", "pour tout le monde"]);
        let libre = tokens.says(&LIBRE) || tokens.len() == 1 && tokens.word(0) == "libre";
        if for_some {
            way("inclus");
            self.doubts.push((Why::FreeForSome, part.to_owned()));
        } else if free {
            way("gratuit");
        } else if tokens.says(&["devis", "nous consulter", "nous contacter", "sur demande"]) {
            way("sur_devis");
        } else if libre {
            way("prix_libre");
        } else if tokens.says(&[
            "frais universitaires",
            "frais d ' inscription",
            "droits d ' inscription",
            "payant",
            "payante",
        ]) {
            way("payant");
        }
        self.take_funding(part, tokens);
    }

    fn take_funding(&mut self, part: &str, tokens: &Tokens<'_>) {
        const PAID_BY: [&str; 14] = [
            "pris en charge",
            "prise en charge",
            "prises en charge",
            "cofinance par",
            "finance par",
            "financee par",
            "financement par",
            "soutenu par",
            "soutenue par",
            "cotisation",
            "avec le soutien",
            "inclus",
            "cofinancee par",
            "compris dans",
        ];
        const FUNDERS: [(&str, &[&str]); 7] = [
            ("cpf", &["cpf", "compte personnel de formation"]),
            ("dif_elus", &["dif elus", "dif elu", "dif des elus", "dife"]),
            ("opco", &["opco", "opcos"]),
            ("cnfpt", &["cnfpt"]),
            ("france_travail", &["france travail", "pole emploi"]),
            ("region", &["region", "regions", "conseil regional"]),
            ("plan_competences", &["plan de developpement des competences", "plan de formation"]),
        ];
        let eligible = tokens.says(&item::ELIGIBLE);
        let paid_by = tokens.says(&PAID_BY);
        let named = FUNDERS
            .iter()
            .filter(|(option, words)| tokens.says(words) && !(*option == "cpf" && eligible));
        let mut funders: BTreeMap<String, Plain> =
            named.map(|(option, _)| ((*option).to_owned(), true.into())).collect();
        if funders.is_empty() && !paid_by {
            return;
        }
        let has_amount = !item::amounts(tokens).is_empty();
        if paid_by && !has_amount && !self.also.contains_key("tarif_type") {
            let included = funders.contains_key("cnfpt")
                || tokens.says(&["cotisation", "inclus", "compris dans"]);
            let option = if included { "inclus" } else { "inconnu" };
            self.also.insert("tarif_type".to_owned(), option.into());
        }
        if funders.is_empty() && !tokens.says(&["cotisation", "inclus", "compris dans"]) {
            funders.insert("autre".to_owned(), true.into());
        }
        if !has_amount {
            self.says_how = true;
            self.doubts.push((Why::FundingKept, part.to_owned()));
        }
        let known = self
            .also
            .entry("financements".to_owned())
            .or_insert_with(|| Plain::Map(BTreeMap::new()));
        if let Plain::Map(known) = known {
            known.append(&mut funders);
        }
    }

    fn settle(mut self, words: &str) -> Reading {
        self.also.retain(|_, value| !value.is_empty());
        let reading = Reading { also: self.also, ..Reading::default() }.keeping(words);
        if too_many(&self.prices) {
            return reading.doubting(Why::TooManyItems, words);
        }
        let value = if self.prices.is_empty() { Plain::Null } else { Plain::List(self.prices) };
        let doubts = self.doubts.into_iter();
        doubts.fold(Reading { value, ..reading }, |reading, (why, words)| {
            reading.doubting(why, &words)
        })
    }
}

/// Two numbers for one sum, or a number that can be read in two ways: nothing is taken.
fn cannot_be_told_apart(tokens: &Tokens<'_>, amounts: &[Found]) -> Option<Why> {
    if amounts.iter().any(|amount| amount.hand == number::Hand::Unclear) {
        return Some(Why::AmbiguousNumber);
    }
    for (place, amount) in amounts.iter().enumerate() {
        if let Some(sign) = item::number_before(tokens, amount.from) {
            return Some(if sign == "/" { Why::SeveralAmounts } else { Why::Range });
        }
        let next = amounts.get(place + 1);
        let between =
            |next: &Found| (next.from == amount.to + 1).then(|| tokens.get(amount.to)).flatten();
        if next.and_then(between).is_some_and(|token| matches!(token.text.as_str(), "a" | "-")) {
            return Some(Why::Range);
        }
    }
    let bare = amounts.is_empty().then(|| item::bare_numbers(tokens));
    bare.filter(|count| *count > 1).map(|_| Why::SeveralAmounts)
}
