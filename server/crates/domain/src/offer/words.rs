//! Other usual words for the options of the default columns, as French offers write them.
//!
//! Plurals, case, accents and inclusive endings need no line of their own. A word goes here only if it means
//! the option and nothing else; the person's own words are kept beside the value anyway.

use crate::reading::Vocabulary;
use crate::reading::choice::Aliases;
use crate::table::Column;

/// The vocabulary of a column with its usual words.
pub fn vocabulary(column: &Column) -> Vocabulary {
    Vocabulary::new(column, aliases(column.id.as_str()))
}

/// The usual other words for one option, where they tell of it without its column and of no other option: `oui`
/// and `x` do not, nor do those for what is both in a room and remote.
pub fn usual_words(column: &str, option: &str) -> impl Iterator<Item = &'static str> {
    const TELLING: [&str; 6] = ["type", "publics", "modalite", "niveau", "cadre", "financements"];
    let telling = TELLING.contains(&column) && option != "hybride";
    let known = if telling { aliases(column) } else { &[] };
    let of_option = known.iter().filter(move |(id, _)| *id == option).map(|(_, words)| *words);
    of_option.collect::<Vec<_>>().into_iter().flatten().copied()
}

fn aliases(column: &str) -> Aliases<'static> {
    match column {
        "type" => TYPES,
        "themes" => THEMES,
        "publics" => AUDIENCES,
        "modalite" => FORMATS,
        "niveau" => LEVELS,
        "cadre" => SETTINGS,
        "entrees" => ENTRIES,
        "tarif_type" => PRICES,
        "financements" => FUNDING,
        "cpf" | "accessibilite" => YES_NO,
        "certification_type" => CERTIFICATIONS,
        "langue" => LANGUAGES,
        "etat" => STATES,
        _ => &[],
    }
}

const TYPES: Aliases<'static> = &[
    (
        "formation_courte",
        &["courte", "courtes", "stage", "stage court", "formation continue courte"],
    ),
    ("formation_longue", &["longue", "longues", "parcours long", "formation qualifiante"]),
    (
        "diplome_universitaire",
        &[
            "DU",
            "DIU",
            "D.U.",
            "diplôme d'université",
            "diplômes universitaires",
            "DU/DIU",
            "certificat universitaire",
            "diplômes universitaires et certificats",
        ],
    ),
    (
        "master_licence",
        &[
            "master",
            "M1",
            "M2",
            "licence",
            "licence professionnelle",
            "master/licence",
            "masters et licences",
            "formation universitaire",
        ],
    ),
    (
        "mooc",
        &[
            "MOOC",
            "MOOC/en ligne",
            "en ligne",
            "formation en ligne",
            "cours en ligne",
            "MOOC et formations en ligne",
        ],
    ),
    (
        "atelier_webinaire",
        &["atelier", "webinaire", "atelier/webinaire", "webinar", "ateliers et webinaires"],
    ),
    ("auto_formation", &["autoformation", "auto formation"]),
    ("formation_action", &["formation-action", "formation action", "formation-action/intra"]),
    (
        "ecole_ete_colloque",
        &["école d'été", "colloque", "école d'été/colloque", "université d'été"],
    ),
    ("autre", &["autres", "divers"]),
];

/// The members of their labels and nothing near them: `médiation environnementale` is more than `médiation`.
const THEMES: Aliases<'static> = &[
    ("mediation_conflits", &["médiation", "gestion des conflits"]),
    ("assemblees_deliberation", &["assemblée citoyenne", "délibération"]),
    ("animation_facilitation", &["animation", "facilitation"]),
    ("pouvoir_agir", &["pouvoir d'agir", "community organizing"]),
    ("mobilisation", &["mobilisation", "aller vers"]),
    ("inclusion", &["inclusion", "genre", "précarité"]),
    ("citoyennete", &["citoyenneté", "engagement"]),
    ("elus", &["élu", "mandat"]),
    ("restitution", &["restitution", "droit de suite"]),
    ("intelligence_artificielle", &["IA"]),
    ("design", &["design", "co-conception"]),
    ("urbanisme", &["urbanisme", "architecture", "habitat"]),
    ("eau", &["eau", "milieux aquatiques"]),
    ("environnement", &["environnement", "transition"]),
    ("developpement_local", &["territoires", "développement local"]),
    ("action_publique", &["action publique", "innovation publique"]),
];

/// Whom élus and agents serve is read by `reading::audience`. A collectivity is neither its élus nor its agents.
const AUDIENCES: Aliases<'static> = &[
    ("elus", &["élu", "élus et élues"]),
    ("agents_territoriaux", &["agent", "fonctionnaire territorial"]),
    ("agents_etat", &["fonctionnaire d'État"]),
    ("consultants", &["consultant", "indépendant"]),
    ("associations", &["association", "bénévole"]),
    ("travail_social", &["travailleur social", "centre social"]),
    ("etudiants", &["étudiant"]),
    ("chercheurs", &["chercheur"]),
    ("habitants", &["habitant", "citoyen"]),
    ("entreprises", &["entreprise", "maître d'ouvrage"]),
    (
        "tout_public",
        &["tous publics", "tous", "toutes et tous", "tou·te·s", "ouvert à tous", "grand public"],
    ),
];

const FORMATS: Aliases<'static> = &[
    ("presentiel", &["présentielle", "en présentiel", "en présence", "sur place", "en salle"]),
    ("distanciel", &["à distance", "distance", "en ligne", "FOAD", "e-learning", "distancielle"]),
    (
        "distanciel_synchrone",
        &[
            "classe virtuelle",
            "visio",
            "visioconférence",
            "zoom",
            "distanciel (classe virtuelle)",
            "webinaire",
        ],
    ),
    ("distanciel_asynchrone", &["asynchrone", "MOOC"]),
    (
        "hybride",
        &[
            "mixte",
            "blended",
            "présentiel et distanciel",
            "présentiel et à distance",
            "distanciel et présentiel",
            "mixte distanciel/présentiel",
            "mixte présentiel/distanciel",
        ],
    ),
];

const LEVELS: Aliases<'static> = &[
    ("initiation", &["débutant", "niveau 1", "découverte", "tous niveaux débutants"]),
    ("approfondissement", &["niveau 2", "perfectionnement", "intermédiaire"]),
    ("expert", &["niveau 3", "avancé", "expertise"]),
];

const SETTINGS: Aliases<'static> = &[
    ("inter", &["inter-entreprises", "interentreprises", "inter-structures"]),
    ("intra", &["intra-entreprise", "intra-structure", "en intra"]),
    ("sur_mesure", &["à la carte", "personnalisé"]),
];

const ENTRIES: Aliases<'static> = &[
    (
        "permanentes",
        &["permanente", "entrées permanentes", "en continu", "toute l'année", "permanent"],
    ),
    ("a_la_demande", &["sur demande"]),
    ("dates_fixes", &["à dates fixes", "date fixe"]),
];

const PRICES: Aliases<'static> = &[
    ("gratuit", &["gratuite", "offert", "0", "0 €", "sans frais"]),
    ("sur_devis", &["devis", "nous consulter", "nous contacter"]),
    ("prix_libre", &["participation libre", "prix libre et conscient", "libre"]),
    ("payant", &["payante"]),
];

const FUNDING: Aliases<'static> = &[
    ("cpf", &["compte personnel de formation", "éligible CPF"]),
    ("dif_elus", &["DIF élu", "droit individuel à la formation des élus", "DIFE"]),
    ("france_travail", &["Pôle emploi"]),
    ("plan_competences", &["plan de formation", "plan de développement"]),
    ("region", &["conseil régional"]),
];

const YES_NO: Aliases<'static> = &[
    ("oui", &["o", "x", "vrai", "true", "1", "éligible", "accessible"]),
    ("non", &["n", "faux", "false", "0", "non éligible"]),
];

const CERTIFICATIONS: Aliases<'static> = &[
    ("aucune", &["aucune", "attestation", "attestation de formation", "non certifiante"]),
    ("du_diu", &["DU", "DIU", "diplôme d'université", "diplôme universitaire"]),
    ("diplome_national", &["master", "licence", "doctorat"]),
    ("certificat_etablissement", &["certificat d'université"]),
];

const LANGUAGES: Aliases<'static> =
    &[("fr", &["fr", "fra"]), ("en", &["en", "eng"]), ("de", &["de"]), ("nl", &["nl"])];

const STATES: Aliases<'static> = &[
    ("publiee", &["publié", "en ligne", "ok"]),
    ("archivee", &["archivé"]),
    ("a_verifier", &["à revoir", "à confirmer"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::defaults::formations;
    use crate::text::fold::key;

    #[test]
    fn each_usual_word_leads_to_the_option_it_stands_for() {
        for column in formations() {
            let vocabulary = vocabulary(&column);
            for (option, words) in aliases(column.id.as_str()) {
                assert!(column.option(option).is_some(), "{} has no option {option}", column.id);
                for words in *words {
                    assert_eq!(vocabulary.find(words), Some(*option), "{} {words}", column.id);
                }
            }
        }
    }

    #[test]
    fn no_label_hides_another() {
        for column in formations() {
            let mut keys: Vec<String> =
                column.options.iter().map(|option| key(&option.label.fr)).collect();
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), column.options.len(), "{}", column.id);
        }
    }
}
