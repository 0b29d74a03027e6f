//! What we are not sure of, in one list.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A doubt about some words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What is doubtful.
    pub why: Why,
    /// The words in question.
    pub words: String,
}

/// How much a doubt asks of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Said for the record: nothing to do.
    Note,
    /// Kept, but someone should look.
    Doubt,
    /// Not taken.
    Lost,
}

impl Weight {
    /// Its word in plans.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Doubt => "doubt",
            Self::Lost => "lost",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident, $key:literal, $weight:ident, $fr:literal;)*) => {
        /// Why words are doubtful, or were not taken.
        ///
        /// In stored plans it is its key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Why {
            $($(#[$doc])* #[serde(rename = $key)] $name,)*
        }

        impl Why {
            /// All reasons.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The key of its sentence in the texts of the interface, and its word in plans.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// Its sentence in French.
            pub fn fr(self) -> &'static str {
                match self { $(Self::$name => $fr,)* }
            }

            /// How much it asks of people.
            pub fn weight(self) -> Weight {
                match self { $(Self::$name => Weight::$weight,)* }
            }
        }
    };
}

reasons! {
    /// An earlier passage through another program had spoilt accents; they were restored.
    Repaired, "repaired", Note, "des accents abîmés ont été réparés";
    /// `-`, `?`, `NC`: a sign that nothing is known.
    NothingSaid, "nothing-said", Note, "ce signe ne dit rien : la case est vide";
    /// Words that name no option; they are kept as words.
    UnknownWords, "unknown-words", Doubt, "ces mots ne sont pas dans la liste : ils sont gardés tels quels";
    /// A remark in parentheses behind an option; it is kept as words.
    RemarkKept, "remark-kept", Note, "la précision entre parenthèses est gardée telle quelle";
    /// Several options where one fits.
    SeveralForOne, "several-for-one", Doubt, "plusieurs choix là où un seul tient : rien n'est choisi";
    /// Not an address of the web.
    NotALink, "not-a-link", Doubt, "ce n'est pas une adresse de page";
    /// A scheme other than `http` and `https`.
    SchemeNotAllowed, "scheme-not-allowed", Lost, "ce genre d'adresse n'est pas repris";
    /// An address that carries a name or a password.
    LinkWithPassword, "link-with-password", Lost, "cette adresse contient un identifiant";
    /// More than one address; the first was taken.
    SeveralLinks, "several-links", Doubt, "plusieurs adresses : la première est prise";
    /// Accents and spaces of an address, written as the web wants them.
    AddressRewritten, "address-rewritten", Note, "l'adresse est réécrite comme le web la veut";
    /// Marks of newsletters and campaigns, dropped from an address.
    TrackingDropped, "tracking-dropped", Note, "les marques de suivi de l'adresse sont enlevées";
    /// Not an e-mail address.
    NotAnEmail, "not-an-email", Lost, "ce n'est pas une adresse électronique";
    /// Not a telephone number.
    NotAPhone, "not-a-phone", Lost, "ce n'est pas un numéro de téléphone";
    /// A spreadsheet had eaten the first zero of a number; it was put back.
    ZeroRestored, "zero-restored", Doubt, "le zéro perdu par le tableur est remis";
    /// Words beside a contact: they may name a person, and the table is public.
    BesideContact, "beside-contact", Lost, "ces mots peuvent nommer une personne : ils ne sont pas repris";
    /// Not a code of this kind.
    NotACode, "not-a-code", Doubt, "ce n'est pas un code de cette forme";
    /// A spreadsheet had rounded a code.
    RoundedCode, "rounded-code", Doubt, "le tableur a arrondi ce code : ses chiffres sont perdus";
    /// The check digit does not fit.
    WrongCheckDigit, "wrong-check-digit", Doubt, "la clé de contrôle de ce code est fausse";
    /// Neither yes nor no.
    NotYesOrNo, "not-yes-or-no", Doubt, "ni oui ni non";
    /// Not a number.
    NotANumber, "not-a-number", Doubt, "ce n'est pas un nombre";
    /// A number that can be read in two ways.
    AmbiguousNumber, "ambiguous-number", Doubt, "ce nombre se lit de deux façons";
    /// Not a date.
    NotADate, "not-a-date", Doubt, "ce n'est pas une date";
    /// A date that can be read in two ways.
    AmbiguousDate, "ambiguous-date", Doubt, "cette date se lit de deux façons";
    /// `idem`: the words point to the row above, which a cell alone cannot see.
    RefersAbove, "refers-above", Doubt, "renvoie à la ligne du dessus";
    /// Someone asked for a check: `à vérifier`, `??`, the programmers' four letters for "to do".
    ToCheck, "to-check", Doubt, "quelqu'un a noté que c'est à vérifier";
    /// `à définir`, `prochainement`: it was not known when it was written.
    NotYetKnown, "not-yet-known", Note, "ce n'était pas encore connu : les mots sont gardés";
    /// `environ`, `~`.
    Approximate, "approximate", Doubt, "une valeur approximative";
    /// `au moins`, `maximum`: one end only.
    Bound, "bound", Doubt, "une borne, pas une valeur";
    /// Two ends; they are never averaged.
    Range, "range", Doubt, "une fourchette : aucune moyenne n'est faite";
    /// A sum or a product of what was written.
    Computed, "computed", Doubt, "un nombre calculé à partir des mots";
    /// Two numbers for one thing.
    TwoReadings, "two-readings", Doubt, "deux nombres pour la même chose";
    /// A span of the calendar, in which the training takes less time.
    CalendarSpan, "calendar-span", Doubt, "un étalement dans le temps, pas une durée de formation";
    /// A duration in a unit other than the column's; it is not converted.
    OtherUnit, "other-unit", Doubt, "une durée dans une autre unité : elle n'est pas convertie";
    /// A duration or an hour of the day.
    ClockOrDuration, "clock-or-duration", Doubt, "une durée ou une heure de la journée";
    /// Not a duration.
    NotADuration, "not-a-duration", Doubt, "ce n'est pas une durée";
    /// Not a price.
    NotAPrice, "not-a-price", Doubt, "ce n'est pas un prix";
    /// A tax without an amount.
    NoAmount, "no-amount", Doubt, "le montant n'est pas écrit";
    /// Several amounts, and nothing says which is for whom.
    SeveralAmounts, "several-amounts", Doubt, "plusieurs montants, sans dire lequel est pour qui";
    /// Free for some people only.
    FreeForSome, "free-for-some", Doubt, "gratuit pour certaines personnes seulement";
    /// Who pays, where the price was expected.
    FundingKept, "funding-kept", Doubt, "un financement plutôt qu'un prix : les mots sont gardés";
    /// A day without a year, which is never guessed.
    YearUnknown, "year-unknown", Doubt, "l'année n'est pas écrite : elle n'est pas devinée";
    /// A season, a quarter, a school year: only the year is taken.
    Period, "period", Doubt, "une période : seule l'année est prise";
    /// A number that a spreadsheet shows for a date.
    SerialDate, "serial-date", Doubt, "un nombre de tableur, lu comme une date";
    /// Not a session.
    NotASession, "not-a-session", Doubt, "ce n'est pas une date de session";
    /// A place that is no known form of town or address; the words are the place.
    PlaceInWords, "place-in-words", Note, "un lieu gardé en toutes lettres";
    /// A place or remote, at choice.
    EitherFormat, "either-format", Doubt, "sur place ou à distance, au choix : ce n'est pas hybride";
    /// More items than a cell can hold.
    TooManyItems, "too-many-items", Doubt, "trop d'éléments pour une seule case";
    /// An address that hides another one.
    ShortLink, "short-link", Note, "une adresse raccourcie : sa cible n'est pas connue";
    /// Four digits where five are usual: another country, or a zero that a spreadsheet ate.
    ZeroPerhapsLost, "zero-perhaps-lost", Doubt, "quatre chiffres : un autre pays, ou un zéro perdu par le tableur";
    /// A date where words were expected: the spreadsheet may have made it of something else.
    DateByAccident, "date-by-accident", Doubt, "le tableur a pu changer ce texte en date";
    /// A formula gave an error.
    ErrorCell, "error-cell", Lost, "la formule de cette case donne une erreur";
    /// `idem`: the value of the row above was taken.
    SameAsAbove, "same-as-above", Doubt, "repris de la ligne du dessus";
    /// `idem` on a first row.
    NothingAbove, "nothing-above", Lost, "renvoie à une ligne du dessus qui n'existe pas";
    /// The text over an address; the address was taken.
    LinkText, "link-text", Note, "l'adresse derrière ce texte est prise";
    /// An address behind a text that is no address column.
    LinkBehindText, "link-behind-text", Lost, "l'adresse derrière ce texte n'est pas reprise";
    /// A column that no one could map.
    UnknownColumn, "unknown-column", Lost, "cette colonne n'est pas reconnue";
    /// A cell outside the columns of the header.
    OutsideHeader, "outside-header", Lost, "cette case est hors des colonnes du tableau";
    /// A note hung on a cell: it may hold personal data.
    NoteNotTaken, "note-not-taken", Lost, "une note attachée à une case n'est pas reprise";
    /// A row that was hidden in the file; it was taken.
    HiddenRow, "hidden-row", Note, "ligne masquée dans le fichier, reprise quand même";
    /// A column that was hidden in the file; it was taken.
    HiddenColumn, "hidden-column", Note, "colonne masquée dans le fichier, reprise quand même";
    /// The same offer stands twice in the file.
    TwiceInFile, "twice-in-file", Doubt, "la même formation figure déjà plus haut dans le fichier";
    /// An identifier that no row of the table has.
    UnknownId, "unknown-id", Doubt, "aucune ligne du tableau n'a cet identifiant : la ligne est cherchée par ses mots";
    /// The tax stands in the title of the column only.
    TaxOfHeader, "tax-of-header", Doubt, "la taxe n'est dite que par le titre de la colonne : elle n'est pas ajoutée au prix";
    /// Another cell of the row says something else of the same column.
    OtherCellSays, "other-cell-says", Doubt, "une autre case de la ligne dit autre chose";
    /// The code of a catalogue before a title.
    CatalogueCode, "catalogue-code", Note, "le code de catalogue devant l'intitulé n'est pas repris";
    /// What only the program writes, found in a file.
    StateOfTheFile, "state-of-the-file", Doubt, "l'état écrit dans le fichier n'est pas repris tel quel";
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_its_own_key_and_sentence() {
        let keys: std::collections::BTreeSet<_> = Why::ALL.iter().map(|why| why.key()).collect();

        assert_eq!(keys.len(), Why::ALL.len());
        assert!(Why::ALL.iter().all(|why| !why.fr().is_empty()));
    }
}
