//! A list of members, as offices keep them: which of its columns say what, and what each of its lines would do.
//!
//! Pure: the bytes were read in a process of its own, and nothing is written here. A line never lowers, raises or
//! gives back a role by itself; it can be asked to.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tablee_domain::ids::PersonId;
use tablee_domain::import::grid::{RawBook, RawCell, RawRow, RawSheet};
use tablee_domain::people::Role;
use tablee_domain::text::fold;
use tablee_storage::people::Person;

use super::{checked_email, checked_name};

/// How far down the names of columns may stand.
const DEEPEST: usize = 20;
/// More people in one file are not read.
pub const MOST: usize = 10_000;

/// What a file would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersPlan {
    /// The sheet that was read.
    pub sheet: String,
    /// Sheets that were not.
    pub other_sheets: Vec<String>,
    /// The names of the columns that were found.
    pub columns: Found,
    /// Names of columns that say nothing here.
    pub unread: Vec<String>,
    /// Line by line.
    pub lines: Vec<Line>,
    /// Whether those who are added are told by mail. A mail cannot be called back: nobody is, unless asked for.
    #[serde(default)]
    pub tells: bool,
}

/// The columns of a file, by their names in it; none where there is no such column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The address; its place where the file names no columns.
    pub email: String,
    /// The name, or all of it.
    pub name: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The role.
    pub role: Option<String>,
}

/// One line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the sheet.
    pub row: u32,
    /// The address, or what stands in its place.
    pub email: String,
    /// The name that it gives; empty where it gives none.
    pub name: String,
    /// The role that it gives.
    pub role: Option<Role>,
    /// What stands where a role should, and is none.
    pub not_a_role: Option<String>,
    /// What it would do.
    pub what: What,
    /// Whether that is to be done.
    pub is_taken: bool,
    /// Whether the role of somebody who is here already is to be changed too.
    pub takes_role: bool,
}

/// What a line would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Somebody new.
    Added,
    /// Somebody who is here.
    Known {
        /// Who.
        id: PersonId,
        /// The name that the file's would replace.
        renamed: Option<String>,
        /// The role that the file's would replace.
        had: Option<Had>,
    },
    /// There is no address that a mail could be sent to.
    NotAnAddress(Because),
    /// The name is none that others could read.
    NotAName,
    /// The same address as on an earlier line.
    Twice {
        /// The number of that line.
        first: u32,
    },
}

/// The role that somebody has; none for a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Had(pub Option<Role>);

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Nothing is written there.
    Empty,
    /// Several addresses are.
    Several,
    /// Something else is.
    Malformed,
}

/// Why a file gives no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unread {
    /// No sheet has a column of addresses.
    NoAddresses,
    /// More people than are taken in at once.
    TooMany,
}

/// The role of somebody whose line gives none.
pub const ROLE_OF_NEW: Role = Role::Member;

impl MembersPlan {
    /// How many people it adds, as it is ticked.
    pub fn adds(&self) -> usize {
        self.lines.iter().filter(|line| line.what == What::Added && line.is_taken).count()
    }
}

impl Line {
    /// Whether there is something to decide about it.
    pub fn can_be_taken(&self) -> bool {
        match &self.what {
            What::Added => true,
            What::Known { renamed, .. } => renamed.is_some(),
            _ => false,
        }
    }

    /// Whether a role could be changed by it.
    pub fn can_change_role(&self) -> bool {
        matches!(self.what, What::Known { had: Some(_), .. })
    }

    /// Whether it says what is so already.
    pub fn is_same(&self) -> bool {
        matches!(self.what, What::Known { renamed: None, had: None, .. })
    }
}

/// What a file would do among these people.
pub fn plan(book: &RawBook, known: &[Person]) -> Result<MembersPlan, Unread> {
    let shown = book.sheets.iter().filter(|sheet| !sheet.hidden);
    let found = shown.clone().find_map(|sheet| Some((sheet, Places::of(sheet)?)));
    let (sheet, places) = found.ok_or(Unread::NoAddresses)?;
    let rows: Vec<&RawRow> = sheet.rows.iter().filter(|row| places.holds(row)).collect();
    if rows.len() > MOST {
        return Err(Unread::TooMany);
    }
    let by_email: HashMap<&str, &Person> =
        known.iter().map(|person| (person.email.as_str(), person)).collect();
    let mut seen: HashMap<String, u32> = HashMap::new();
    let lines = rows.into_iter().map(|row| line(row, &places, &by_email, &mut seen)).collect();
    Ok(MembersPlan {
        sheet: sheet.name.clone(),
        other_sheets: shown.filter(|it| it.name != sheet.name).map(|it| it.name.clone()).collect(),
        unread: places.unread(sheet),
        columns: places.found,
        lines,
        tells: false,
    })
}

fn line(
    row: &RawRow,
    places: &Places,
    known: &HashMap<&str, &Person>,
    seen: &mut HashMap<String, u32>,
) -> Line {
    let (address, name_beside) = address_of(row.cell(places.email));
    let mut name = places.name_in(row);
    if name.is_empty() {
        name = name_beside;
    }
    let role_words = places.role.and_then(|at| row.cell(at)).map(words).unwrap_or_default();
    let role = role_of(&role_words);
    let not_a_role = Some(role_words).filter(|words| role.is_none() && !words.is_empty());
    let (email, what) = match address {
        Err((shown, because)) => (shown, What::NotAnAddress(because)),
        Ok(email) => {
            let what = match seen.get(&email) {
                Some(first) => What::Twice { first: *first },
                None if checked_name(&name, &email).is_err() => What::NotAName,
                None => {
                    seen.insert(email.clone(), row.number);
                    what(known.get(email.as_str()).copied(), &name, role)
                }
            };
            (email, what)
        }
    };
    let line = Line {
        row: row.number,
        email,
        name,
        role,
        not_a_role,
        what,
        is_taken: false,
        takes_role: false,
    };
    Line { is_taken: line.can_be_taken(), ..line }
}

fn what(known: Option<&Person>, name: &str, role: Option<Role>) -> What {
    let Some(person) = known else { return What::Added };
    let renamed = !name.is_empty() && !is_same_name(name, &person.name);
    What::Known {
        id: person.id,
        renamed: renamed.then(|| person.name.clone()),
        had: role.is_some_and(|role| person.role != Some(role)).then_some(Had(person.role)),
    }
}

/// Whether two writings are one name: order, capitals and accents tell nobody apart.
fn is_same_name(one: &str, other: &str) -> bool {
    let parts = |name: &str| {
        let folded = fold(name);
        let mut parts: Vec<String> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        parts.sort_unstable();
        parts
    };
    parts(one) == parts(other)
}

/// The role that a cell names.
fn role_of(words: &str) -> Option<Role> {
    let folded = fold(words);
    let plain = folded.trim_end_matches("(e)").trim_end_matches(".e").trim_end_matches("·e").trim();
    match plain {
        "membre" | "member" | "adherent" | "adherente" => Some(Role::Member),
        "pilote" | "pilot" | "copilote" => Some(Role::Pilot),
        "equipe" | "admin" | "administrateur" | "administratrice" | "administration" => {
            Some(Role::Admin)
        }
        _ => None,
    }
}

/// The address of a cell and the name that may stand before it, or what stands there instead.
fn address_of(cell: Option<&RawCell>) -> (Result<String, (String, Because)>, String) {
    let Some(cell) = cell.filter(|cell| !cell.is_empty()) else {
        return (Err((String::new(), Because::Empty)), String::new());
    };
    let shown = words(cell);
    if let Ok(email) = checked_email(shown.trim_end_matches([',', ';', '.'])) {
        return (Ok(email), String::new());
    }
    // As mail programs copy it: `Léa Dupont <lea@exemple.fr>`.
    if let Some((name, rest)) = shown.split_once('<')
        && let Ok(email) = checked_email(rest.trim_end_matches(['>', ',', ';', ' ']))
    {
        return (Ok(email), name.trim().trim_matches('"').trim().to_owned());
    }
    let behind = cell.link.as_deref().and_then(|link| link.strip_prefix("mailto:"));
    let is_several = shown.matches('@').count() > 1;
    match behind.map(|link| checked_email(link.split('?').next().unwrap_or(link))) {
        Some(Ok(email)) if !is_several => (Ok(email), String::new()),
        _ if is_several => (Err((shown, Because::Several)), String::new()),
        _ => (Err((shown, Because::Malformed)), String::new()),
    }
}

/// The words of a cell on one line.
fn words(cell: &RawCell) -> String {
    cell.shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the columns of a sheet are.
struct Places {
    /// The number of the line that names them.
    header: u32,
    email: u32,
    name: Option<u32>,
    first_name: Option<u32>,
    role: Option<u32>,
    found: Found,
}

impl Places {
    fn of(sheet: &RawSheet) -> Option<Self> {
        let top = sheet.rows.iter().take(DEEPEST);
        top.clone().find_map(Self::named_by).or_else(|| Self::unnamed(sheet))
    }

    /// The columns that a line names.
    fn named_by(row: &RawRow) -> Option<Self> {
        let holds_addresses = row.cells.iter().any(|cell| address_of(Some(cell)).0.is_ok());
        let names: Vec<(u32, String)> =
            row.cells.iter().map(|cell| (cell.column, fold(&words(cell)))).collect();
        let find = |is_it: &dyn Fn(&str) -> bool| {
            names.iter().find(|(_, name)| is_it(name)).map(|(at, _)| *at)
        };
        let email = find(&names_address)?;
        let said = |at: Option<u32>| at.and_then(|at| row.cell(at)).map(words);
        let first_name = find(&|name| FIRST_NAMES.contains(&name));
        let name = find(&|name| NAMES.contains(&name));
        let role = find(&|name| ROLES.contains(&name));
        let found = Found {
            email: said(Some(email))?,
            name: said(name),
            first_name: said(first_name),
            role: said(role),
        };
        (!holds_addresses).then_some(Self {
            header: row.number,
            email,
            name,
            first_name,
            role,
            found,
        })
    }

    /// The column that holds addresses, in a list that names none.
    fn unnamed(sheet: &RawSheet) -> Option<Self> {
        let first = sheet.rows.iter().find(|row| !row.is_empty())?;
        let is_address = |cell: &&RawCell| address_of(Some(cell)).0.is_ok();
        let email = first.cells.iter().find(is_address)?.column;
        let found =
            Found { email: tablee_domain::import::grid::column_letters(email), ..Found::default() };
        Some(Self { header: 0, email, name: None, first_name: None, role: None, found })
    }

    /// Whether a row is a line of the list.
    fn holds(&self, row: &RawRow) -> bool {
        let own = [Some(self.email), self.name, self.first_name];
        row.number > self.header
            && own.into_iter().flatten().any(|at| row.cell(at).is_some_and(|cell| !cell.is_empty()))
    }

    /// "Prénom Nom".
    fn name_in(&self, row: &RawRow) -> String {
        let part = |at: Option<u32>| at.and_then(|at| row.cell(at)).map(words).unwrap_or_default();
        let name = format!("{} {}", part(self.first_name), part(self.name));
        name.trim().to_owned()
    }

    /// Names of columns that say nothing here.
    fn unread(&self, sheet: &RawSheet) -> Vec<String> {
        let own = [Some(self.email), self.name, self.first_name, self.role];
        let header = sheet.rows.iter().find(|row| row.number == self.header);
        let others = header.into_iter().flat_map(|row| &row.cells);
        let others = others.filter(|cell| !cell.is_empty() && !own.contains(&Some(cell.column)));
        others.map(words).collect()
    }
}

const NAMES: [&str; 10] = [
    "nom",
    "nom de famille",
    "nom d'usage",
    "nom complet",
    "nom et prenom",
    "nom prenom",
    "prenom nom",
    "prenom et nom",
    "name",
    "last name",
];
const FIRST_NAMES: [&str; 3] = ["prenom", "prenoms", "first name"];
const ROLES: [&str; 4] = ["role", "roles", "droits", "profil"];

/// Whether the name of a column is that of addresses.
fn names_address(name: &str) -> bool {
    const LONGEST: usize = 40;
    let is_mail = |word: &str| {
        ["courriel", "courriels", "mail", "mails", "email", "emails", "mel"].contains(&word)
    };
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    name.len() <= LONGEST && (words.any(is_mail) || name == "adresse electronique")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tablee_domain::ids::Timestamp;

    fn book(rows: &[&[&str]]) -> RawBook {
        let row = |(number, cells): (u32, &&[&str])| RawRow {
            number,
            hidden: false,
            cells: (0..).zip(*cells).map(|(at, words)| RawCell::text(at, *words)).collect(),
        };
        let rows = (1..).zip(rows).map(row).collect();
        let sheet = RawSheet { name: "Membres".into(), rows, ..RawSheet::default() };
        RawBook { sheets: vec![sheet], ..RawBook::default() }
    }

    fn person(id: i64, email: &str, name: &str, role: Option<Role>) -> Person {
        let (email, name) = (email.to_owned(), name.to_owned());
        Person { id: PersonId(id), email, name, role, made_at: Timestamp(0), seen_at: None }
    }

    fn known() -> Vec<Person> {
        vec![
            person(1, "lea@exemple.fr", "Léa Dupont", Some(Role::Pilot)),
            person(2, "nour@exemple.fr", "Nour", Some(Role::Member)),
            person(3, "ancien@exemple.fr", "Ancien", None),
        ]
    }

    #[test]
    fn each_line_says_what_it_would_do() {
        let book = book(&[
            &["Liste des membres 2026"],
            &["Prénom", "NOM", "Adresse e-mail", "Rôle", "Téléphone"],
            &["Inès", "Martin", " Ines@Exemple.fr ", "", "01"],
            &["DUPONT", "Lea", "lea@exemple.fr", "membre", ""],
            &["Nour", "Benali", "nour@exemple.fr", "membre", ""],
            &["Zoé", "Ferrand", "zoe(at)exemple.fr", "", ""],
            &["Inès", "Martin", "ines@exemple.fr", "", ""],
            &["Sans", "Adresse", "", "", ""],
            &["Deux", "Adresses", "a@exemple.fr ; b@exemple.fr", "", ""],
            &["Ancien", "", "ancien@exemple.fr", "", ""],
            &["Anna", "Roy", "anna@exemple.fr", "trésorière", ""],
            &["", "", "", "", ""],
        ]);

        let plan = plan(&book, &known()).unwrap();

        let whats: Vec<_> = plan.lines.iter().map(|line| (line.row, line.what.clone())).collect();
        let same = |id, renamed: Option<&str>, had| What::Known {
            id: PersonId(id),
            renamed: renamed.map(str::to_owned),
            had,
        };
        assert_eq!(
            whats,
            [
                (3, What::Added),
                (4, same(1, None, Some(Had(Some(Role::Pilot))))),
                (5, same(2, Some("Nour"), None)),
                (6, What::NotAnAddress(Because::Malformed)),
                (7, What::Twice { first: 3 }),
                (8, What::NotAnAddress(Because::Empty)),
                (9, What::NotAnAddress(Because::Several)),
                (10, same(3, None, None)),
                (11, What::Added),
            ]
        );
        assert_eq!(plan.lines[0].name, "Inès Martin");
        assert_eq!(plan.lines[8].not_a_role.as_deref(), Some("trésorière"));
        assert_eq!(plan.columns.email, "Adresse e-mail");
        assert_eq!(plan.unread, ["Téléphone"]);
    }

    #[test]
    fn no_role_changes_unless_somebody_ticks_it() {
        let book = book(&[
            &["courriel", "role"],
            &["lea@exemple.fr", "Membre"],
            &["nour@exemple.fr", "Équipe"],
            &["ancien@exemple.fr", "Pilote"],
            &["neuve@exemple.fr", "Pilote"],
        ]);

        let lines = plan(&book, &known()).unwrap().lines;

        assert!(lines.iter().all(|line| !line.takes_role));
        let may: Vec<_> = lines.iter().map(Line::can_change_role).collect();
        assert_eq!(may, [true, true, true, false]);
        assert_eq!((lines[3].role, lines[3].is_taken), (Some(Role::Pilot), true));
    }

    #[test]
    fn a_list_without_names_of_columns_is_a_column_of_addresses() {
        let book = book(&[&["Léa <lea@exemple.fr>"], &["\"Neuf, Paul\" <paul@exemple.fr>;"]]);

        let plan = plan(&book, &known()).unwrap();

        assert_eq!(plan.columns, Found { email: "A".into(), ..Found::default() });
        assert!(!plan.lines[0].is_same(), "the name is another one");
        assert_eq!(
            (plan.lines[1].name.as_str(), &plan.lines[1].what),
            ("Neuf, Paul", &What::Added)
        );
    }

    #[test]
    fn the_address_behind_a_cell_counts_where_the_cell_shows_a_name() {
        let mut book = book(&[&["Nom", "Mail"], &["Léa", "écrire"]]);
        book.sheets[0].rows[1].cells[1].link = Some("mailto:neuve@exemple.fr?subject=x".into());

        let plan = plan(&book, &[]).unwrap();

        assert_eq!(
            (plan.lines[0].email.as_str(), &plan.lines[0].what),
            ("neuve@exemple.fr", &What::Added)
        );
    }

    #[test]
    fn a_file_without_addresses_gives_no_plan() {
        assert_eq!(plan(&book(&[&["Nom"], &["Léa"]]), &[]), Err(Unread::NoAddresses));
        assert_eq!(plan(&RawBook::default(), &[]), Err(Unread::NoAddresses));
        let mut hidden = book(&[&["mail"], &["a@exemple.fr"]]);
        hidden.sheets[0].hidden = true;
        assert_eq!(plan(&hidden, &[]), Err(Unread::NoAddresses));
    }

    #[test]
    fn a_name_that_nobody_could_read_is_not_taken() {
        let long = "é".repeat(81);
        let plan = plan(&book(&[&["nom", "mail"], &[&long, "a@exemple.fr"]]), &[]).unwrap();

        assert_eq!(plan.lines[0].what, What::NotAName);
        assert!(!plan.lines[0].is_taken);
    }
}
