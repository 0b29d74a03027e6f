//! The columns with which a table of trainings starts. From then on they are data that pilots change.
//!
//! To add a column: one line in its section below, its options in [`options`]. Ids are never reused: a
//! column that goes is retired in the tables that have it, and its line here disappears.

mod options;

use super::{Choice, Column, Kind, Label};
use crate::ids::{ColumnId, ItemId};
use options::Options;

/// The blocks of the row panel, in order: the word in [`Column::section`] and what people read.
pub const SECTIONS: [(&str, &str, &str); 8] = [
    ("essentiel", "L'essentiel", "Essentials"),
    ("pedagogie", "Contenu et pédagogie", "Content and methods"),
    ("public", "Public et niveau", "Audience and level"),
    ("deroulement", "Déroulement", "How it runs"),
    ("tarif", "Tarif et financement", "Price and funding"),
    ("certification", "Certification", "Certification"),
    ("contact", "Page et contact", "Page and contact"),
    ("suivi", "Suivi", "Follow-up"),
];

/// The columns of `formations`.
pub fn formations() -> Vec<Column> {
    let sections: [(&str, Vec<Draft>); 8] = [
        ("essentiel", essentials()),
        ("pedagogie", teaching()),
        ("public", audience()),
        ("deroulement", running()),
        ("tarif", price()),
        ("certification", certification()),
        ("contact", contact()),
        ("suivi", follow_up()),
    ];
    let drafts = sections
        .into_iter()
        .flat_map(|(section, drafts)| drafts.into_iter().map(move |draft| draft.within(section)));
    drafts.enumerate().map(|(place, draft)| draft.standing_at(place)).collect()
}

fn essentials() -> Vec<Draft> {
    vec![
        draft("intitule", Kind::Text, "Intitulé", "Title")
            .help(
                "Le nom de la formation, tel que l'organisme l'écrit.",
                "The name of the training, as its provider writes it.",
            )
            .required()
            .shown(),
        draft("organisme", Kind::Text, "Organisme de formation", "Training provider")
            .help(
                "Le nom d'usage de la structure qui donne la formation.",
                "The usual name of the body that gives the training.",
            )
            .required()
            .shown(),
        draft("partenaires", Kind::Text, "Partenaires", "Partners").help(
            "Les structures associées, séparées par des points-virgules.",
            "Associated bodies, separated by semicolons.",
        ),
        draft("type", Kind::Choice, "Type de formation", "Type of training")
            .options(options::TYPES)
            .help("La forme que prend la formation.", "The form that the training takes.")
            .required()
            .shown(),
        draft("resume", Kind::LongText, "En une phrase", "In a sentence")
            .help(
                "De quoi il s'agit, en 300 signes au plus, avec vos mots.",
                "What it is about, in your own words, 300 characters at most.",
            )
            .required(),
        draft("themes", Kind::Choices, "Thèmes", "Themes")
            .options(options::THEMES)
            .help("Les sujets traités.", "The subjects it deals with.")
            .required()
            .shown(),
    ]
}

fn teaching() -> Vec<Draft> {
    vec![
        draft("objectifs", Kind::LongText, "Objectifs", "Objectives").help(
            "Ce que les personnes formées sauront faire.",
            "What participants will be able to do.",
        ),
        draft("contenu", Kind::LongText, "Contenus et programme", "Content and programme")
            .help("Le déroulé, les notions abordées.", "The outline and the notions it covers."),
        draft("resultats", Kind::LongText, "Résultats attendus", "Expected results").help(
            "Ce que l'on obtient à la fin : attestation, réalisation…",
            "What one gets at the end: certificate of attendance, a piece of work…",
        ),
        draft("methodes", Kind::LongText, "Méthodes mobilisées", "Methods used").help(
            "Par exemple théâtre-forum, études de cas, mises en situation.",
            "For instance forum theatre, case studies, role play.",
        ),
        draft("evaluation", Kind::LongText, "Modalités d'évaluation", "Assessment")
            .help("Par exemple quiz ou mise en situation.", "For instance a quiz or role play."),
        draft("competences", Kind::Choices, "Compétences travaillées", "Skills worked on")
            .options(options::SKILLS)
            .help("Les savoir-faire que l'on y exerce.", "The skills that one practises."),
    ]
}

fn audience() -> Vec<Draft> {
    vec![
        draft("publics", Kind::Choices, "Public visé", "Audience")
            .options(options::AUDIENCES)
            .help("À qui la formation s'adresse.", "Whom the training is for.")
            .shown(),
        draft("public_texte", Kind::LongText, "Précisions sur le public", "About the audience")
            .help(
                "Par exemple « binôme bénévole et salarié obligatoire ».",
                "For instance “one volunteer and one employee together”.",
            ),
        draft("prerequis", Kind::LongText, "Prérequis", "Prerequisites").help(
            "« Aucun » est une réponse ; vide veut dire que l'on ne sait pas.",
            "“None” is an answer; empty means unknown.",
        ),
        draft("niveau", Kind::Choice, "Niveau d'expertise", "Level of expertise")
            .options(options::LEVELS)
            .help("Ce qu'il faut déjà connaître du sujet.", "How much one should already know."),
        draft("niveau_entree", Kind::Choice, "Niveau de qualification à l'entrée", "Entry level")
            .options(options::QUALIFICATIONS)
            .help("Le niveau de diplôme demandé.", "The level of qualification asked for."),
        draft("niveau_sortie", Kind::Choice, "Niveau de qualification à la sortie", "Exit level")
            .options(options::QUALIFICATIONS)
            .help("Le niveau de diplôme obtenu.", "The level of qualification obtained."),
        draft("effectif_min", Kind::Number, "Effectif minimal", "Smallest group")
            .help("Nombre de personnes.", "Number of people."),
        draft("effectif_max", Kind::Number, "Effectif maximal", "Largest group")
            .help("Nombre de personnes.", "Number of people."),
        draft("accessibilite", Kind::Choice, "Accessibilité handicap", "Disability access")
            .options(options::ACCESS)
            .help(
                "Si la formation est accessible aux personnes handicapées ; les conditions en toutes lettres.",
                "Whether people with disabilities can attend; the conditions in words.",
            ),
    ]
}

fn running() -> Vec<Draft> {
    vec![
        draft("modalite", Kind::Choice, "Format", "Format")
            .options(options::FORMATS)
            .help("En salle, à distance, ou les deux.", "In a room, remote, or both.")
            .shown(),
        draft("cadre", Kind::Choices, "Inter, intra ou sur mesure", "Open, in-house or tailored")
            .options(options::SETTINGS)
            .help("Pour qui la session est organisée.", "For whom a session is held."),
        draft("duree_texte", Kind::Text, "Durée", "Duration")
            .help(
                "Par exemple « 2,5 jours (18,5 heures) ».",
                "For instance “2.5 days (18.5 hours)”.",
            )
            .shown(),
        draft("duree_heures", Kind::Duration, "Durée en heures", "Duration in hours")
            .help("Un nombre d'heures.", "A number of hours."),
        draft("duree_jours", Kind::Duration, "Durée en jours", "Duration in days")
            .help("Un nombre de jours, demi-journées comprises.", "A number of days, halves too."),
        draft("rythme", Kind::Text, "Rythme", "Pace")
            .help("Par exemple « une semaine par mois ».", "For instance “one week a month”."),
        draft("sessions", Kind::Sessions, "Sessions", "Sessions")
            .help("Les dates prévues, passées ou à venir.", "The planned dates, past or to come.")
            .shown(),
        draft("lieux", Kind::Places, "Lieux", "Places")
            .help("Les communes où elle a lieu.", "The towns where it takes place.")
            .shown(),
        draft("entrees", Kind::Choice, "Entrées et sorties", "Entries and exits")
            .options(options::ENTRIES)
            .help("Quand on peut commencer.", "When one can start."),
        draft("acces", Kind::LongText, "Modalités et délais d'accès", "How and when to enrol")
            .help(
                "Par exemple « inscription 15 jours avant ».",
                "For instance “enrol 15 days before”.",
            ),
        draft("langue", Kind::Choices, "Langues", "Languages")
            .options(options::LANGUAGES)
            .help("La langue dans laquelle on travaille.", "The working language."),
    ]
}

fn price() -> Vec<Draft> {
    vec![
        draft("tarif_texte", Kind::LongText, "Tarif", "Price")
            .help(
                "Par exemple « 1 200 € HT (employeur), 300 € (particulier) ».",
                "For instance “1,200 € excl. tax (employer), 300 € (individual)”.",
            )
            .shown(),
        draft("tarif_type", Kind::Choice, "Type de tarif", "Kind of price")
            .options(options::PRICES)
            .help("Si la formation se paie, et comment.", "Whether one pays, and how."),
        draft("tarifs", Kind::Prices, "Tarifs détaillés", "Prices in detail")
            .help("Un montant par profil.", "One amount for each profile."),
        draft("financements", Kind::Choices, "Financements possibles", "Possible funding")
            .options(options::FUNDING)
            .help("Qui peut prendre en charge les frais.", "Who may cover the cost."),
        draft("cpf", Kind::Choice, "Éligible au CPF", "Eligible for CPF")
            .options(options::YES_NO_UNKNOWN)
            .help("Compte personnel de formation.", "French personal training account."),
    ]
}

fn certification() -> Vec<Draft> {
    vec![
        draft("certification_type", Kind::Choice, "Certification", "Certification")
            .options(options::CERTIFICATIONS)
            .help("Ce que la formation délivre.", "What the training awards."),
        draft("code_rncp", Kind::Code, "Code RNCP", "RNCP code")
            .help("RNCP suivi de chiffres.", "RNCP followed by digits."),
        draft("code_rs", Kind::Code, "Code RS", "RS code")
            .help("RS suivi de chiffres.", "RS followed by digits."),
        draft("certificateur", Kind::Text, "Certificateur", "Certifying body")
            .help("Qui délivre la certification.", "Who awards the certification."),
        draft("date_echeance", Kind::Date, "Échéance de la certification", "Certification ends")
            .help("Fin de l'enregistrement RNCP ou RS.", "End of the RNCP or RS registration."),
    ]
}

fn contact() -> Vec<Draft> {
    vec![
        draft("url", Kind::Url, "Page de la formation", "Page of the training")
            .help(
                "L'adresse de la page de cette formation, plutôt que celle de l'accueil du site.",
                "The address of this very training rather than of the home page.",
            )
            .shown(),
        draft("contact_courriel", Kind::Email, "Courriel de contact", "Contact e-mail").help(
            "Une adresse de service plutôt que celle d'une personne : elle est publique.",
            "An address of the service rather than of a person: it is public.",
        ),
        draft("contact_tel", Kind::Phone, "Téléphone de contact", "Contact telephone").help(
            "Un numéro de service plutôt que celui d'une personne : il est public.",
            "A number of the service rather than of a person: it is public.",
        ),
        draft("lien_icpc", Kind::Choice, "Lien avec l'ICPC", "Link with ICPC")
            .options(options::ICPC_LINKS)
            .help("Qui porte la formation.", "Who stands behind the training."),
    ]
}

fn follow_up() -> Vec<Draft> {
    vec![
        draft("etat", Kind::Choice, "État", "State")
            .options(options::STATES)
            .help(
                "Les fiches publiées et à mettre à jour sont visibles de tout le monde.",
                "Published entries and those to be updated are seen by everybody.",
            )
            .shown()
            .curated(),
        draft("verifie_le", Kind::Date, "Vérifiée le", "Checked on")
            .help("Quand un·e pilote l'a relue.", "When a pilot last read it.")
            .curated(),
    ]
}

/// A column on its way, so that each line above says only what is particular.
struct Draft(Column);

fn draft(id: &str, kind: Kind, fr: &str, en: &str) -> Draft {
    Draft(Column {
        id: ColumnId::new(id).expect("ids of default columns are words"),
        label: label(fr, en),
        kind,
        options: Vec::new(),
        required: false,
        help: Label::default(),
        order: 0.0,
        section: String::new(),
        public: true,
        shown: false,
        curated: false,
        archived: false,
    })
}

impl Draft {
    fn help(mut self, fr: &str, en: &str) -> Self {
        self.0.help = label(fr, en);
        self
    }

    fn options(mut self, options: Options) -> Self {
        let choice = |&(id, fr, en): &(&str, &str, &str)| Choice {
            id: ItemId::new(id).expect("ids of default options are words"),
            label: label(fr, en),
            archived: false,
        };
        self.0.options = options.iter().map(choice).collect();
        self
    }

    fn required(mut self) -> Self {
        self.0.required = true;
        self
    }

    fn shown(mut self) -> Self {
        self.0.shown = true;
        self
    }

    fn curated(mut self) -> Self {
        self.0.curated = true;
        self
    }

    fn within(mut self, section: &str) -> Self {
        section.clone_into(&mut self.0.section);
        self
    }

    /// Orders stand ten apart, so that a column can be put between two others.
    fn standing_at(mut self, place: usize) -> Column {
        self.0.order = (place + 1) as f64 * 10.0;
        self.0
    }
}

fn label(fr: &str, en: &str) -> Label {
    Label { fr: fr.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::table::Columns;

    #[test]
    fn about_twelve_columns_are_shown_and_they_are_those_of_the_design() {
        let shown: BTreeSet<String> = formations()
            .into_iter()
            .filter(|column| column.shown)
            .map(|column| column.id.as_str().to_owned())
            .collect();

        let wanted = "intitule organisme type themes publics modalite duree_texte lieux sessions \
                      tarif_texte url etat";
        assert_eq!(shown, wanted.split_whitespace().map(str::to_owned).collect());
    }

    #[test]
    fn every_column_of_the_reference_is_there_and_nothing_personal_is() {
        let columns = Columns::new(formations());

        let wanted = "intitule organisme partenaires type resume objectifs contenu resultats methodes \
            evaluation themes competences publics public_texte prerequis niveau niveau_entree \
            niveau_sortie modalite cadre duree_heures duree_jours duree_texte rythme acces entrees lieux \
            tarif_type tarifs tarif_texte financements cpf certification_type code_rncp code_rs \
            certificateur date_echeance accessibilite effectif_min effectif_max langue url \
            contact_courriel contact_tel lien_icpc etat verifie_le sessions";
        let wanted: BTreeSet<&str> = wanted.split_whitespace().collect();
        let there: BTreeSet<&str> = columns.iter().map(|column| column.id.as_str()).collect();
        assert_eq!(there, wanted);
    }

    #[test]
    fn each_column_says_what_to_write_in_both_languages_and_stands_in_a_known_section() {
        for column in formations() {
            for text in [&column.label.fr, &column.label.en, &column.help.fr, &column.help.en] {
                assert!(!text.is_empty(), "{} has an empty text", column.id);
            }
            assert!(SECTIONS.iter().any(|(key, _, _)| *key == column.section), "{}", column.id);
        }
    }

    #[test]
    fn options_are_distinct_and_only_choices_have_them() {
        for column in formations() {
            assert_eq!(column.kind.has_options(), !column.options.is_empty(), "{}", column.id);
            let ids: BTreeSet<_> = column.options.iter().map(|option| &option.id).collect();
            assert_eq!(ids.len(), column.options.len(), "{}", column.id);
        }
    }
}
