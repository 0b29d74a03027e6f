//! One price: an amount and what stands around it.

use std::collections::BTreeMap;

use super::super::Why;
use super::super::number::{self, Hand};
use super::super::token::{Sort, Tokens};
use crate::table::Plain;
use crate::text::fold::singular;

/// A sum of money inside a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub from: usize,
    pub to: usize,
    pub value: Option<f64>,
    pub currency: &'static str,
    pub hand: Hand,
    /// `12 k€`.
    pub computed: bool,
}

impl Found {
    /// No sum is written.
    pub fn nothing() -> Self {
        Self { from: 0, to: 0, value: None, currency: "", hand: Hand::French, computed: false }
    }
}

/// `éligible CPF`: said of the training, not of who pays.
pub const ELIGIBLE: [&str; 5] =
    ["eligible cpf", "eligible au cpf", "eligible a cpf", "cpf eligible", "financable cpf"];

/// All sums that stand beside a currency.
pub fn amounts(tokens: &Tokens<'_>) -> Vec<Found> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let sum = sum_at(tokens, at);
        at = sum.as_ref().map_or(at + 1, |sum| sum.to);
        // A number without currency is passed whole: its last digits must not start another.
        let passed = if sum.is_none() { number::at(tokens, at - 1) } else { None };
        at = passed.map_or(at, |number| number.next);
        found.extend(sum);
    }
    found
}

fn sum_at(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    if let Some((code, next)) = currency(tokens, at) {
        // `CHF 40.-`; a sign behind a number belongs to that number.
        let number = number::at(tokens, next)?;
        if currency(tokens, number.next).is_some() {
            return None;
        }
        return Some(sum(tokens, at, code, number));
    }
    let number = number::at(tokens, at)?;
    let behind = swiss_dash(tokens, number.next);
    let thousands = tokens.word(behind) == "k" || tokens.word(behind) == "keur";
    let place = behind + usize::from(tokens.word(behind) == "k");
    let (code, next) = currency(tokens, place)?;
    let mut found = sum(tokens, at, code, number);
    found.to = next;
    if thousands {
        found.value = found.value.map(|value| value * 1000.0);
        found.computed = true;
    }
    Some(found)
}

fn sum(tokens: &Tokens<'_>, from: usize, currency: &'static str, number: number::Amount) -> Found {
    // `1,200 €` is a thousand and more, or little more than one.
    let unclear = number.hand == Hand::French && number.decimals == 3;
    let hand = if unclear { Hand::Unclear } else { number.hand };
    let to = swiss_dash(tokens, number.next);
    Found { from, to, value: Some(number.value), currency, hand, computed: false }
}

/// `40.-`, `40,-`.
fn swiss_dash(tokens: &Tokens<'_>, at: usize) -> usize {
    let dash =
        matches!(tokens.mark(at), "." | ",") && tokens.touches(at) && tokens.mark(at + 1) == "-";
    if dash && tokens.touches(at + 1) { at + 2 } else { at }
}

fn currency(tokens: &Tokens<'_>, at: usize) -> Option<(&'static str, usize)> {
    let code = match tokens.get(at)?.text.as_str() {
        "€" | "euro" | "euros" | "eur" | "keur" => "EUR",
        "chf" => "CHF",
        "cad" => "CAD",
        "francs" if tokens.word(at + 1) == "suisses" => return Some(("CHF", at + 2)),
        "$" if matches!(tokens.word(at + 1), "ca" | "can" | "cad") => return Some(("CAD", at + 2)),
        _ => return None,
    };
    Some((code, at + 1))
}

/// The sign that joins a sum to another number before it: `500 à 800 €`, `350/500 €`.
pub fn number_before<'t>(tokens: &'t Tokens<'_>, at: usize) -> Option<&'t str> {
    let sign = tokens.get(at.checked_sub(1)?)?.text.as_str();
    let joins = matches!(sign, "a" | "-" | "/") || sign == "et" && tokens.says(&["entre"]);
    let number = at.checked_sub(2).is_some_and(|before| !tokens.digits(before).is_empty());
    (joins && number).then_some(sign)
}

/// How many numbers a text without currency holds.
pub fn bare_numbers(tokens: &Tokens<'_>) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < tokens.len() {
        let number = number::at(tokens, at);
        count += usize::from(number.is_some());
        let known = number.map(|number| number.next);
        let known =
            known.or_else(|| Some(tax(tokens, at)?.1)).or_else(|| Some(unit(tokens, at)?.2));
        at = match known {
            Some(next) => next,
            None if tokens.word(at).is_empty() || is_noise(tokens.word(at)) => at + 1,
            // Other words: the numbers may count anything.
            None => return 0,
        };
    }
    count
}

/// Where the words of one sum end and those of the next begin.
pub fn border(tokens: &Tokens<'_>, from: usize, to: usize) -> usize {
    let (mut at, mut last_behind_remark) = (from, from);
    while at < to {
        if let Some(close) = tokens.closing(at).filter(|close| *close < to) {
            at = close + 1;
            last_behind_remark = at;
            continue;
        }
        let is_unit = tokens.mark(at) == "/" && unit(tokens, at).is_some();
        if matches!(
            tokens.get(at).map_or("", |token| &token.text),
            "et" | "ou" | "/" | "," | "+" | "puis"
        ) && !is_unit
        {
            return at + 1;
        }
        at += 1;
    }
    // `12 500 € Grand groupe : 25 000 €`: what a colon ends names the sum behind it.
    let names_next = to > from && tokens.mark(to - 1) == ":";
    if names_next { last_behind_remark } else { to }
}

/// One price as it was read.
#[derive(Debug, Default)]
pub struct Item {
    pub value: BTreeMap<String, Plain>,
    pub doubts: Vec<(Why, String)>,
    pub eligible: bool,
    who: Option<&'static str>,
    time: Option<&'static str>,
}

impl Item {
    /// Reads the words of one sum, from one place up to another.
    pub fn read(tokens: &Tokens<'_>, from: usize, to: usize, sum: &Found) -> Self {
        let mut item = Self::default();
        if let Some(value) = sum.value {
            item.put("montant", value.into());
        }
        if !sum.currency.is_empty() {
            item.put("devise", sum.currency.into());
        }
        let of_sum = tokens.slice(sum.from, sum.to);
        if sum.hand == Hand::English {
            item.doubts.push((Why::AmbiguousNumber, of_sum.to_owned()));
        }
        if sum.computed {
            item.doubts.push((Why::Computed, of_sum.to_owned()));
        }
        item.take_words(tokens, from, if sum.value.is_some() { sum.from } else { to });
        if sum.value.is_some() {
            item.take_words(tokens, sum.to, to);
        }
        let unit: Vec<&str> = [item.who, item.time].into_iter().flatten().collect();
        if !unit.is_empty() {
            item.put("unite", unit.join("×").into());
        }
        item
    }

    /// A number that stands alone, or with words of a price only: `1 200`, `350 HT`.
    pub fn of_bare_number(tokens: &Tokens<'_>) -> Option<Self> {
        if bare_numbers(tokens) != 1 {
            return None;
        }
        let at = (0..tokens.len()).find(|at| !tokens.digits(*at).is_empty())?;
        let number = number::at(tokens, at)?;
        let found = sum(tokens, at, "", number);
        (found.hand != Hand::Unclear).then(|| Self::read(tokens, 0, tokens.len(), &found))
    }

    fn put(&mut self, key: &str, value: Plain) {
        self.value.entry(key.to_owned()).or_insert(value);
    }

    fn take_words(&mut self, tokens: &Tokens<'_>, from: usize, to: usize) {
        let (mut at, mut run_from, mut inside) = (from, from, None);
        while at < to {
            if inside == Some(at) {
                self.take_run(tokens, run_from, at, true);
                (at, run_from, inside) = (at + 1, at + 1, None);
            } else if let Some(close) =
                tokens.closing(at).filter(|close| *close < to && inside.is_none())
            {
                self.take_run(tokens, run_from, at, false);
                (at, run_from, inside) = (at + 1, at + 1, Some(close));
            } else if let Some(next) = self.take_known(tokens, at) {
                self.take_run(tokens, run_from, at, inside.is_some());
                (at, run_from) = (next, next);
            } else if inside.is_none() && matches!(tokens.mark(at), ":" | ",") {
                self.take_run(tokens, run_from, at, false);
                (at, run_from) = (at + 1, at + 1);
            } else {
                at += 1;
            }
        }
        self.take_run(tokens, run_from, to, inside.is_some());
    }

    /// Takes words of known meaning.
    fn take_known(&mut self, tokens: &Tokens<'_>, at: usize) -> Option<usize> {
        if let Some((value, next)) = tax(tokens, at) {
            self.put("taxe", value.into());
            return Some(next);
        }
        if let Some((who, time, next)) = unit(tokens, at) {
            (self.who, self.time) = (self.who.or(who), self.time.or(time));
            return Some(next);
        }
        if let Some(next) = from_here(tokens, at) {
            self.put("a_partir_de", true.into());
            return Some(next);
        }
        if let Some(next) = tokens.phrase_of(at, &ELIGIBLE) {
            self.eligible = true;
            return Some(next);
        }
        let token = tokens.get(at)?;
        if number::is_about(&token.text) || token.text == "?" {
            self.doubts.push((Why::Approximate, tokens.slice(at, at + 1).to_owned()));
            return Some(at + 1);
        }
        (token.text == "€").then_some(at + 1).inspect(|_| self.put("devise", "EUR".into()))
    }

    /// Takes words that are no known part of a price: for whom it is, or a remark.
    fn take_run(&mut self, tokens: &Tokens<'_>, from: usize, to: usize, in_parentheses: bool) {
        let is_wordless = |at: usize| tokens.get(at).is_none_or(|it| it.sort == Sort::Mark);
        let noise = |at: usize| is_wordless(at) || is_noise(tokens.word(at));
        let Some(first) = (from..to).find(|at| !noise(*at)) else { return };
        let last = (from..to).rev().find(|at| !is_wordless(*at)).unwrap_or(first);
        let words = tokens.slice(first, last + 1);
        let says_who = (first..=last).any(|at| is_profile(tokens.word(at)));
        if says_who && !starts_a_remark(tokens.word(first)) && !self.value.contains_key("profil") {
            if (first..=last).any(|at| tokens.word(at) == "groupe") {
                self.who = self.who.or(Some("groupe"));
            }
            // A name cut short keeps its dot: `non adh.`
            let dot = tokens.mark(last + 1) == "." && tokens.touches(last + 1) && last + 1 < to;
            let words = tokens.slice(first, last + 1 + usize::from(dot));
            self.put("profil", words.into());
        } else {
            let why = if in_parentheses { Why::RemarkKept } else { Why::UnknownWords };
            self.doubts.push((why, words.to_owned()));
        }
    }
}

/// `à partir de`; `dès` only before a number, where it is no article.
fn from_here(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let next = tokens.phrase_of(at, &["a partir de", "a partir d '", "des", "apd", "from"])?;
    (tokens.word(at) != "des" || !tokens.digits(next).is_empty()).then_some(next)
}

fn tax(tokens: &Tokens<'_>, at: usize) -> Option<(&'static str, usize)> {
    const TAXES: [(&str, &[&str]); 3] = [
        (
            "net de TVA",
            &[
                "net de tva",
                "nets de tva",
                "net de taxe",
                "net de taxes",
                "exonere de tva",
                "tva non applicable",
                "net",
            ],
        ),
        ("HT", &["ht", "h . t .", "h . t", "hors taxe", "hors taxes", "hors tva"]),
        ("TTC", &["ttc", "t . t . c .", "t . t . c", "toutes taxes comprises", "tva comprise"]),
    ];
    TAXES.iter().find_map(|(tax, phrases)| Some((*tax, tokens.phrase_of(at, phrases)?)))
}

type Per = (Option<&'static str>, Option<&'static str>, usize);

/// `par personne`, `/j`, `de l'heure`: counted by whom and by what time.
fn unit(tokens: &Tokens<'_>, at: usize) -> Option<Per> {
    let next = if matches!(tokens.get(at)?.text.as_str(), "par" | "/") {
        at + 1
    } else {
        tokens.phrase_of(at, &["de l '", "l '", "la"])?
    };
    let all = tokens.get(at)?.text == "par" || tokens.mark(at) == "/";
    let (who, time) = match tokens.word(next) {
        "jour" | "j" | "journee" => (None, Some("jour")),
        "heure" | "h" => (None, Some("heure")),
        "personne" | "pers" | "participant" | "participante" | "stagiaire" | "apprenant"
        | "tete"
            if all =>
        {
            (Some("personne"), None)
        }
        "groupe" if all => (Some("groupe"), None),
        "centre" | "structure" | "association" | "organisme" | "collectivite" | "commune"
        | "equipe"
            if all =>
        {
            (Some("structure"), None)
        }
        _ => return None,
    };
    Some((who, time, next + 1))
}

fn is_profile(word: &str) -> bool {
    matches!(
        singular(word).as_ref(),
        "employeur"
            | "entreprise"
            | "individuel"
            | "individuelle"
            | "particulier"
            | "adherent"
            | "adh"
            | "adherente"
            | "etudiant"
            | "salarie"
            | "demandeur"
            | "independant"
            | "collectivite"
            | "association"
            | "benevole"
            | "membre"
            | "agent"
            | "elu"
            | "junior"
            | "professionnel"
            | "pro"
            | "plein"
            | "reduit"
            | "normal"
            | "solidaire"
            | "groupe"
            | "public"
            | "chomeur"
            | "suggere"
            | "conseille"
            | "institution"
    )
}

/// Words with which a remark about a sum starts, whoever it names.
fn starts_a_remark(word: &str) -> bool {
    matches!(
        word,
        "hors"
            | "sans"
            | "avec"
            | "min"
            | "max"
            | "minimum"
            | "maximum"
            | "dont"
            | "y"
            | "sauf"
            | "sur"
            | "si"
            | "possibilite"
    )
}

fn is_noise(word: &str) -> bool {
    matches!(
        word,
        "prix"
            | "tarif"
            | "tarifs"
            | "cout"
            | "montant"
            | "total"
            | "soit"
            | "le"
            | "la"
            | "les"
            | "de"
            | "du"
            | "des"
            | "d"
            | "l"
            | "et"
            | "ou"
            | "a"
            | "pour"
            | "en"
            | "au"
            | "environ"
            | "env"
            | "partir"
            | "gratuit"
            | "gratuite"
            | "offert"
            | "libre"
            | "participation"
    )
}
