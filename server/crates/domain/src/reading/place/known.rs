//! Names that are no towns: countries, departments, regions, institutions, ways of being remote.
//!
//! Source of the departments: the official geographic code (INSEE). `Paris` is left to the town.

use crate::reading::token::Tokens;

/// The code of a country that a folded name means.
pub fn country(folded: &str) -> Option<&'static str> {
    match folded {
        "france" => Some("FR"),
        "belgique" | "wallonie" => Some("BE"),
        "suisse" => Some("CH"),
        "quebec" | "canada" => Some("CA"),
        "luxembourg" => Some("LU"),
        "maroc" => Some("MA"),
        "tunisie" => Some("TN"),
        "senegal" => Some("SN"),
        _ => None,
    }
}

/// Parts of a country that are named in its place.
pub fn is_province(folded: &str) -> bool {
    matches!(folded, "quebec" | "wallonie")
}

/// The format that words for being remote mean.
pub fn remote(folded: &str) -> Option<&'static str> {
    match folded {
        "visio" | "visioconference" | "en visio" | "en visioconference" | "zoom" | "teams"
        | "classe virtuelle" | "classes virtuelles" | "webinaire" | "par zoom" => {
            Some("distanciel_synchrone")
        }
        "en ligne" | "distanciel" | "a distance" | "en distanciel" | "distance" | "foad"
        | "e-learning" | "elearning" | "internet" | "online" => Some("distanciel"),
        _ => None,
    }
}

/// Words for being in a room, which name no place.
pub fn in_room(folded: &str) -> bool {
    matches!(folded, "presentiel" | "en presentiel" | "sur place")
}

/// Words for the whole country.
pub fn is_everywhere(folded: &str) -> bool {
    matches!(
        folded,
        "partout en france"
            | "national"
            | "itinerant"
            | "itinerante"
            | "france entiere"
            | "toute la france"
            | "quatre coins de la france"
            | "aux quatre coins de la france"
            | "partout"
            | "dans toute la france"
    )
}

/// Words that say France as a whole, where `Île-de-France` says a part of it.
pub fn says_france(words: &str) -> bool {
    Tokens::of(words).says(&["en france", "de la france", "toute la france", "france entiere"])
}

/// Whether the folded name is a region of France.
pub fn is_region(folded: &str) -> bool {
    matches!(
        folded.replace(' ', "-").as_str(),
        "auvergne-rhone-alpes"
            | "bourgogne-franche-comte"
            | "bretagne"
            | "centre-val-de-loire"
            | "corse"
            | "grand-est"
            | "hauts-de-france"
            | "ile-de-france"
            | "normandie"
            | "nouvelle-aquitaine"
            | "occitanie"
            | "pays-de-la-loire"
            | "provence-alpes-cote-d'azur"
            | "paca"
            | "rhone-alpes"
            | "aura"
            | "idf"
    )
}

/// Small words inside names of towns.
pub fn is_small(word: &str) -> bool {
    matches!(
        word,
        "le" | "la"
            | "les"
            | "l"
            | "d"
            | "de"
            | "du"
            | "des"
            | "en"
            | "sur"
            | "sous"
            | "et"
            | "aux"
            | "au"
            | "a"
            | "lez"
            | "pres"
            | "saint"
            | "st"
            | "ste"
    )
}

/// Words of institutions, streets and other places inside a town, or near one.
pub fn is_institution(word: &str) -> bool {
    INSTITUTIONS.contains(&word)
}

/// `38`, `2A`, `974`.
pub fn is_department_code(words: &str) -> bool {
    if let [first @ b'0'..=b'9', second @ b'0'..=b'9'] = words.as_bytes() {
        let number = (first - b'0') * 10 + (second - b'0');
        return (1..=95).contains(&number) && number != 20;
    }
    matches!(words, "2A" | "2B" | "2a" | "2b" | "971" | "972" | "973" | "974" | "976")
}

/// The code of the department that a folded name means.
pub fn department(folded: &str) -> Option<&'static str> {
    let name = folded.replace(' ', "-");
    DEPARTMENTS.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

const DEPARTMENTS: [(&str, &str); 100] = [
    ("ain", "01"),
    ("aisne", "02"),
    ("allier", "03"),
    ("alpes-de-haute-provence", "04"),
    ("hautes-alpes", "05"),
    ("alpes-maritimes", "06"),
    ("ardeche", "07"),
    ("ardennes", "08"),
    ("ariege", "09"),
    ("aube", "10"),
    ("aude", "11"),
    ("aveyron", "12"),
    ("bouches-du-rhone", "13"),
    ("calvados", "14"),
    ("cantal", "15"),
    ("charente", "16"),
    ("charente-maritime", "17"),
    ("cher", "18"),
    ("correze", "19"),
    ("corse-du-sud", "2A"),
    ("haute-corse", "2B"),
    ("cote-d'or", "21"),
    ("cotes-d'armor", "22"),
    ("creuse", "23"),
    ("dordogne", "24"),
    ("doubs", "25"),
    ("drome", "26"),
    ("eure", "27"),
    ("eure-et-loir", "28"),
    ("finistere", "29"),
    ("gard", "30"),
    ("haute-garonne", "31"),
    ("gers", "32"),
    ("gironde", "33"),
    ("herault", "34"),
    ("ille-et-vilaine", "35"),
    ("indre", "36"),
    ("indre-et-loire", "37"),
    ("isere", "38"),
    ("jura", "39"),
    ("landes", "40"),
    ("loir-et-cher", "41"),
    ("loire", "42"),
    ("haute-loire", "43"),
    ("loire-atlantique", "44"),
    ("loiret", "45"),
    ("lot", "46"),
    ("lot-et-garonne", "47"),
    ("lozere", "48"),
    ("maine-et-loire", "49"),
    ("manche", "50"),
    ("marne", "51"),
    ("haute-marne", "52"),
    ("mayenne", "53"),
    ("meurthe-et-moselle", "54"),
    ("meuse", "55"),
    ("morbihan", "56"),
    ("moselle", "57"),
    ("nievre", "58"),
    ("nord", "59"),
    ("oise", "60"),
    ("orne", "61"),
    ("pas-de-calais", "62"),
    ("puy-de-dome", "63"),
    ("pyrenees-atlantiques", "64"),
    ("hautes-pyrenees", "65"),
    ("pyrenees-orientales", "66"),
    ("bas-rhin", "67"),
    ("haut-rhin", "68"),
    ("rhone", "69"),
    ("haute-saone", "70"),
    ("saone-et-loire", "71"),
    ("sarthe", "72"),
    ("savoie", "73"),
    ("haute-savoie", "74"),
    ("seine-maritime", "76"),
    ("seine-et-marne", "77"),
    ("yvelines", "78"),
    ("deux-sevres", "79"),
    ("somme", "80"),
    ("tarn", "81"),
    ("tarn-et-garonne", "82"),
    ("var", "83"),
    ("vaucluse", "84"),
    ("vendee", "85"),
    ("vienne", "86"),
    ("haute-vienne", "87"),
    ("vosges", "88"),
    ("yonne", "89"),
    ("territoire-de-belfort", "90"),
    ("essonne", "91"),
    ("hauts-de-seine", "92"),
    ("seine-saint-denis", "93"),
    ("val-de-marne", "94"),
    ("val-d'oise", "95"),
    ("guadeloupe", "971"),
    ("martinique", "972"),
    ("guyane", "973"),
    ("la-reunion", "974"),
    ("mayotte", "976"),
];

const INSTITUTIONS: [&str; 66] = [
    "centre",
    "centres",
    "faculte",
    "universite",
    "ecole",
    "lycee",
    "college",
    "campus",
    "institut",
    "maison",
    "mairie",
    "salle",
    "rue",
    "avenue",
    "avn",
    "av",
    "boulevard",
    "bd",
    "place",
    "quai",
    "chemin",
    "espace",
    "mjc",
    "association",
    "region",
    "departement",
    "metropole",
    "agglomeration",
    "locaux",
    "siege",
    "hotel",
    "theatre",
    "bibliotheque",
    "mediatheque",
    "tiers",
    "lieu",
    "lieux",
    "proche",
    "environs",
    "alentours",
    "secteur",
    "partout",
    "national",
    "drac",
    "cvrh",
    "gare",
    "ateliers",
    "atelier",
    "ferme",
    "domaine",
    "chateau",
    "abbaye",
    "session",
    "sessions",
    "france",
    "dates",
    "selon",
    "plusieurs",
    "divers",
    "diverses",
    "voir",
    "chez",
    "dans",
    "autour",
    "cite",
    "immeuble",
];
