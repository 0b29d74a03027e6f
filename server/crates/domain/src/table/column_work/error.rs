//! Why something cannot be done to a column, said to the person who asked.

use super::{LONGEST_HELP, LONGEST_LABEL, MOST_COLUMNS, MOST_EVER, MOST_OPTIONS};

/// Why something cannot be done to a column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// There is no such column.
    #[error("there is no such column")]
    UnknownColumn,
    /// There is no such option.
    #[error("there is no such option")]
    UnknownOption,
    /// There is no such change, or it did nothing that could be undone.
    #[error("there is no such change")]
    UnknownChange,
    /// The identifier is taken.
    #[error("the identifier is taken")]
    IdTaken,
    /// The name is empty.
    #[error("the name is empty")]
    NoLabel,
    /// The name is too long.
    #[error("the name is longer than {LONGEST_LABEL} characters")]
    LongLabel,
    /// The explanation is too long.
    #[error("the explanation is longer than {LONGEST_HELP} characters")]
    LongHelp,
    /// Another column in use, or another option, has the name.
    #[error("`{0}` is the name of another one")]
    LabelTaken(String),
    /// There are too many columns.
    #[error("a table has at most {MOST_COLUMNS} columns in use and {MOST_EVER} in all")]
    TooManyColumns,
    /// There are too many options.
    #[error("a column has at most {MOST_OPTIONS} options")]
    TooManyOptions,
    /// The house relies on the column.
    #[error("the house relies on `{0}`: it can neither be retired nor hidden nor change its kind")]
    Needed(String),
    /// The house relies on what the column holds.
    #[error("pages and rules rely on what `{0}` holds: it keeps its kind")]
    KeepsItsKind(String),
    /// The house relies on the options of the column.
    #[error("rules rely on the options of `{0}`: they can be renamed only")]
    KeepsItsOptions(String),
    /// The column has no options.
    #[error("`{0}` is no choice: it has no options")]
    NoOptions(String),
    /// The block is none of those of the row panel.
    #[error("there is no such section")]
    UnknownSection,
    /// The column or the option is retired.
    #[error("`{0}` is retired: bring it back first")]
    Retired(String),
    /// An option cannot become itself.
    #[error("an option cannot be merged with itself")]
    SameOption,
    /// Nothing would change.
    #[error("nothing would change")]
    Unchanged,
    /// Somebody changed the column since the person looked.
    #[error("somebody else changed it meanwhile")]
    Moved,
}

impl ColumnError {
    /// Its word: key of the API, and of its sentence in the texts of the interface (`columns.error.<key>`).
    pub fn key(&self) -> &'static str {
        match self {
            Self::UnknownColumn => "unknown-column",
            Self::UnknownOption => "unknown-option",
            Self::UnknownChange => "unknown-change",
            Self::IdTaken => "id-taken",
            Self::NoLabel => "no-label",
            Self::LongLabel => "long-label",
            Self::LongHelp => "long-help",
            Self::LabelTaken(_) => "label-taken",
            Self::TooManyColumns => "too-many-columns",
            Self::TooManyOptions => "too-many-options",
            Self::Needed(_) => "needed",
            Self::KeepsItsKind(_) => "keeps-its-kind",
            Self::KeepsItsOptions(_) => "keeps-its-options",
            Self::NoOptions(_) => "no-options",
            Self::UnknownSection => "unknown-section",
            Self::Retired(_) => "retired",
            Self::SameOption => "same-option",
            Self::Unchanged => "unchanged",
            Self::Moved => "moved",
        }
    }

    /// The name that its sentence speaks of, if it speaks of one.
    pub fn name(&self) -> &str {
        match self {
            Self::LabelTaken(name)
            | Self::Needed(name)
            | Self::KeepsItsKind(name)
            | Self::KeepsItsOptions(name)
            | Self::NoOptions(name)
            | Self::Retired(name) => name,
            _ => "",
        }
    }

    /// Its sentence in French.
    pub fn fr(&self) -> String {
        let name = self.name();
        match self {
            Self::UnknownColumn => "Cette colonne n'existe pas.".to_owned(),
            Self::UnknownOption => "Ce choix n'existe pas dans cette colonne.".to_owned(),
            Self::UnknownChange => "Ce changement n'existe pas.".to_owned(),
            Self::IdTaken => "Cet identifiant est déjà pris : recommencez.".to_owned(),
            Self::NoLabel => "Il manque un nom.".to_owned(),
            Self::LongLabel => format!("Ce nom dépasse {LONGEST_LABEL} signes."),
            Self::LongHelp => format!("Cette explication dépasse {LONGEST_HELP} signes."),
            Self::LabelTaken(_) => format!("« {name} » est déjà le nom d'un autre."),
            Self::TooManyColumns => {
                format!("La table a déjà ses {MOST_COLUMNS} colonnes : retirez-en une d'abord.")
            }
            Self::TooManyOptions => {
                format!("Cette colonne a déjà ses {MOST_OPTIONS} choix : fusionnez-en d'abord.")
            }
            Self::Needed(_) => format!(
                "Le site a besoin de « {name} » (pages, exports, règles de publication) : elle \
                 reste, visible, avec son type."
            ),
            Self::KeepsItsKind(_) => format!(
                "Des pages et des règles lisent « {name} » : elle garde son type. Vous pouvez la \
                 retirer et en ajouter une autre."
            ),
            Self::KeepsItsOptions(_) => format!(
                "Les règles de publication reposent sur les choix de « {name} » : ils peuvent \
                 être renommés, rien de plus."
            ),
            Self::NoOptions(_) => format!("« {name} » n'est pas une colonne à choix."),
            Self::UnknownSection => "Cette rubrique n'existe pas.".to_owned(),
            Self::Retired(_) => {
                format!("« {name} » est au placard : remettez-la d'abord en service.")
            }
            Self::SameOption => "Un choix ne peut pas être fusionné avec lui-même.".to_owned(),
            Self::Unchanged => "Rien ne changerait.".to_owned(),
            Self::Moved => {
                "Quelqu'un vient de changer cette colonne : la voici comme elle est maintenant."
                    .to_owned()
            }
        }
    }

    /// Its sentence in English.
    pub fn en(&self) -> String {
        let name = self.name();
        match self {
            Self::UnknownColumn => "There is no such column.".to_owned(),
            Self::UnknownOption => "There is no such choice in this column.".to_owned(),
            Self::UnknownChange => "There is no such change.".to_owned(),
            Self::IdTaken => "This identifier is taken: please try again.".to_owned(),
            Self::NoLabel => "A name is missing.".to_owned(),
            Self::LongLabel => format!("This name is longer than {LONGEST_LABEL} characters."),
            Self::LongHelp => format!("This explanation is longer than {LONGEST_HELP} characters."),
            Self::LabelTaken(_) => format!("“{name}” is already the name of another one."),
            Self::TooManyColumns => {
                format!("The table already has its {MOST_COLUMNS} columns: retire one first.")
            }
            Self::TooManyOptions => {
                format!("This column already has its {MOST_OPTIONS} choices: merge some first.")
            }
            Self::Needed(_) => format!(
                "The site needs “{name}” (pages, exports, rules of publication): it stays, \
                 visible, with its kind."
            ),
            Self::KeepsItsKind(_) => format!(
                "Pages and rules read “{name}”: it keeps its kind. You can retire it and add \
                 another one."
            ),
            Self::KeepsItsOptions(_) => format!(
                "The rules of publication rest on the choices of “{name}”: they can be renamed, \
                 nothing else."
            ),
            Self::NoOptions(_) => format!("“{name}” is not a column of choices."),
            Self::UnknownSection => "There is no such section.".to_owned(),
            Self::Retired(_) => format!("“{name}” is retired: bring it back first."),
            Self::SameOption => "A choice cannot be merged with itself.".to_owned(),
            Self::Unchanged => "Nothing would change.".to_owned(),
            Self::Moved => {
                "Somebody has just changed this column: here it is as it stands now.".to_owned()
            }
        }
    }
}
