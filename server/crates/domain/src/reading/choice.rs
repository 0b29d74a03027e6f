//! Choices: the options of a column, by label, by other usual words, in any writing.

use std::collections::BTreeMap;

use super::{Reading, Why, audience, text};
use crate::table::{Column, Plain};
use crate::text::fold::key;

/// The words by which the options of one column are known.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    option_by_key: BTreeMap<String, String>,
    label_by_option: BTreeMap<String, String>,
}

/// Other usual words for options: the option's id and its words.
pub type Aliases<'a> = &'a [(&'a str, &'a [&'a str])];

impl Vocabulary {
    /// The vocabulary of a column. Labels go before aliases, options in use before retired ones.
    pub fn new(column: &Column, aliases: Aliases<'_>) -> Self {
        let mut vocabulary = Self::default();
        let (retired, used): (Vec<_>, Vec<_>) =
            column.options.iter().partition(|option| option.archived);
        for option in used.iter().chain(&retired) {
            let id = option.id.as_str();
            vocabulary.label_by_option.insert(id.to_owned(), option.label.fr.clone());
            for label in [&option.label.fr, &option.label.en] {
                vocabulary.learn(label, id);
            }
        }
        for (option, words) in aliases.iter().filter(|(option, _)| column.option(option).is_some())
        {
            words.iter().for_each(|words| vocabulary.learn(words, option));
        }
        vocabulary
    }

    fn learn(&mut self, words: &str, option: &str) {
        let key = key(words);
        if !key.is_empty() {
            self.option_by_key.entry(key).or_insert_with(|| option.to_owned());
        }
    }

    /// The option that the words name as a whole, in the masculine or in the feminine.
    pub fn find(&self, words: &str) -> Option<&str> {
        let key = key(words);
        let found = self.option_by_key.get(&key);
        let found = found.or_else(|| self.option_by_key.get(&masculine(&key)));
        found.map(String::as_str)
    }

    /// The options that the words name as a whole; élus and agents also by whom they serve.
    fn named(&self, words: &str) -> Vec<&str> {
        match self.find(words) {
            Some(option) => vec![option],
            None => {
                audience::narrowed(words).into_iter().filter(|option| self.has(option)).collect()
            }
        }
    }

    fn has(&self, option: &str) -> bool {
        self.label_by_option.contains_key(option)
    }

    /// All known words by their keys, with the option each names.
    pub fn words(&self) -> impl Iterator<Item = (String, String)> {
        self.option_by_key.iter().map(|(key, option)| (key.clone(), option.clone()))
    }

    fn is_label(&self, option: &str, words: &str) -> bool {
        self.label_by_option
            .get(option)
            .is_some_and(|label| label.to_lowercase() == words.trim().to_lowercase())
    }
}

/// A key with its words in the masculine: `elue`, `formatrice`, `agente territoriale`.
///
/// Only for looking up: what is no word of the vocabulary afterwards was none before.
fn masculine(key: &str) -> String {
    const ENDINGS: [(&str, &str); 8] = [
        ("trice", "teur"),
        ("euse", "eur"),
        ("iere", "ier"),
        ("enne", "en"),
        ("onne", "on"),
        ("ive", "if"),
        ("ale", "al"),
        ("e", ""),
    ];
    let turned = key.split(' ').map(|word| {
        let ending = ENDINGS
            .iter()
            .find(|(feminine, _)| word.chars().count() > 4 && word.ends_with(feminine));
        match ending.or(ENDINGS.last().filter(|_| word.chars().count() == 4 && word.ends_with('e')))
        {
            Some((feminine, masculine)) => {
                format!("{}{masculine}", &word[..word.len() - feminine.len()])
            }
            None => word.to_owned(),
        }
    });
    turned.collect::<Vec<_>>().join(" ")
}

/// Reads a cell that holds one option.
pub fn one(vocabulary: &Vocabulary, written: &str) -> Reading {
    let words = text::several_lines(written);
    let found = look_up(vocabulary, &words);
    let mut options: Vec<&str> = found.options.iter().map(|it| it.option).collect();
    options.sort_unstable();
    options.dedup();
    match options.as_slice() {
        [] => Reading::unread(&words, Why::UnknownWords),
        [option] => found.doubted(Reading::sure(*option), vocabulary, &words),
        _ => Reading::unread(&words, Why::SeveralForOne),
    }
}

/// Reads a cell that holds several options.
pub fn many(vocabulary: &Vocabulary, written: &str) -> Reading {
    let words = text::several_lines(written);
    let found = look_up(vocabulary, &words);
    if found.options.is_empty() {
        return Reading::unread(&words, Why::UnknownWords);
    }
    let chosen = found.options.iter().map(|it| (it.option.to_owned(), Plain::Bool(true)));
    let reading = Reading::sure(Plain::Map(chosen.collect()));
    found.doubted(reading, vocabulary, &words)
}

/// What was found in the words of a cell.
#[derive(Default)]
struct LookedUp<'v, 'w> {
    options: Vec<NamedOption<'v, 'w>>,
    unread: Vec<&'w str>,
    /// What stood in parentheses behind an option.
    remarks: Vec<&'w str>,
}

struct NamedOption<'v, 'w> {
    option: &'v str,
    words: &'w str,
}

impl LookedUp<'_, '_> {
    /// Adds the doubts and the words to keep. They go only where each word is a label as it stands.
    fn doubted(&self, reading: Reading, vocabulary: &Vocabulary, words: &str) -> Reading {
        let unknown = self.unread.iter().map(|words| (Why::UnknownWords, words));
        let remarks = self.remarks.iter().map(|words| (Why::RemarkKept, words));
        let doubts = unknown.chain(remarks);
        let doubted = doubts.fold(reading, |reading, (why, words)| reading.doubting(why, words));
        let all_labels = doubted.doubts.is_empty()
            && self.options.iter().all(|it| vocabulary.is_label(it.option, it.words));
        if all_labels { doubted } else { doubted.keeping(words) }
    }
}

fn look_up<'v, 'w>(vocabulary: &'v Vocabulary, words: &'w str) -> LookedUp<'v, 'w> {
    let mut found = LookedUp::default();
    if let Some(option) = vocabulary.find(words) {
        found.options.push(NamedOption { option, words });
        return found;
    }
    for piece in split(words, is_hard_mark) {
        if let Some(option) = vocabulary.find(piece) {
            found.options.push(NamedOption { option, words: piece });
            continue;
        }
        for piece in split(piece, is_spaced_mark) {
            look_up_piece(vocabulary, piece, &mut found);
        }
    }
    found
}

/// The pieces of a cell between marks that part names in any list.
pub fn pieces(words: &str) -> Vec<&str> {
    let hard = split(words, is_hard_mark).into_iter();
    hard.flat_map(|piece| split(piece, is_spaced_mark)).collect()
}

/// A piece that has no sure separator left. Commas and `et` part it only if a part is known: they also
/// stand inside names.
fn look_up_piece<'v, 'w>(vocabulary: &'v Vocabulary, piece: &'w str, found: &mut LookedUp<'v, 'w>) {
    if take(vocabulary, piece, found) {
        return;
    }
    let mut parts = Vec::new();
    for part in split(piece, is_comma) {
        let smaller = split(part, is_soft_mark);
        let keeps = knows(vocabulary, part) || !smaller.iter().any(|it| knows(vocabulary, it));
        if keeps { parts.push(part) } else { parts.extend(smaller) }
    }
    if !parts.iter().any(|part| knows(vocabulary, part)) {
        found.unread.push(piece);
        return;
    }
    let of_agents = parts.first().is_some_and(|first| audience::begins_with_agents(first));
    for part in parts {
        // `Agents d'universités, État`: those of the State.
        let theirs = audience::employer(part).filter(|option| of_agents && vocabulary.has(option));
        if let Some(option) = theirs {
            found.options.push(NamedOption { option, words: part });
        } else if !take(vocabulary, part, found) {
            found.unread.push(part);
        }
    }
}

fn knows(vocabulary: &Vocabulary, part: &str) -> bool {
    take(vocabulary, part, &mut LookedUp::default())
}

/// Takes a piece that names options: whole, before its parenthesis or, where that is unknown, inside it.
fn take<'v, 'w>(vocabulary: &'v Vocabulary, piece: &'w str, found: &mut LookedUp<'v, 'w>) -> bool {
    let named = vocabulary.named(piece);
    if !named.is_empty() {
        found.options.extend(named.into_iter().map(|option| NamedOption { option, words: piece }));
        return true;
    }
    let Some((name, remark)) = before_parenthesis(piece) else {
        return take_each(vocabulary, &split(piece, is_hyphen), found);
    };
    let named = vocabulary.named(name);
    if let (["autre"], Some(surer)) = (named.as_slice(), vocabulary.find(remark)) {
        // `autre (colloque)` says which other.
        found.options.push(NamedOption { option: surer, words: piece });
        return true;
    }
    if named.is_empty() {
        let inside = split(remark.trim_matches(['(', ')']), is_soft_mark);
        let told = take_each(vocabulary, &inside, found);
        found.unread.extend(Some(name).filter(|_| told));
        return told;
    }
    found.options.extend(named.into_iter().map(|option| NamedOption { option, words: name }));
    found.remarks.push(remark);
    true
}

/// Takes pieces if all of them name options.
fn take_each<'v, 'w>(
    vocabulary: &'v Vocabulary,
    pieces: &[&'w str],
    found: &mut LookedUp<'v, 'w>,
) -> bool {
    let named: Vec<Vec<&str>> = pieces.iter().map(|piece| vocabulary.named(piece)).collect();
    if named.is_empty() || named.iter().any(Vec::is_empty) {
        return false;
    }
    for (options, words) in named.into_iter().zip(pieces) {
        found.options.extend(options.into_iter().map(|option| NamedOption { option, words }));
    }
    true
}

/// `formation courte (intra)` as `formation courte` and `(intra)`.
fn before_parenthesis(piece: &str) -> Option<(&str, &str)> {
    let at = piece.find('(').filter(|at| *at > 0)?;
    let (name, remark) = piece.split_at(at);
    let mut depth = 0_i32;
    let closes = remark.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    if closes.is_none_or(|at| at + 1 < remark.len()) {
        return None;
    }
    // An inclusive ending such as `étudiant(e)s` is part of the word.
    name.ends_with(char::is_whitespace).then_some((name.trim(), remark.trim()))
}

/// Splits outside parentheses; empty pieces are left out.
fn split(words: &str, mark: fn(&str) -> Option<usize>) -> Vec<&str> {
    let (mut pieces, mut from, mut depth, mut skip) = (Vec::new(), 0, 0_i32, 0);
    for (at, c) in words.char_indices() {
        if at < skip {
            continue;
        }
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth > 0 {
            continue;
        }
        if let Some(length) = mark(&words[at..]) {
            pieces.push(&words[from..at]);
            from = at + length;
            skip = from;
        }
    }
    pieces.push(&words[from..]);
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

fn is_hard_mark(rest: &str) -> Option<usize> {
    [";", "\n", "•", "|"].iter().find(|mark| rest.starts_with(**mark)).map(|mark| mark.len())
}

fn is_spaced_mark(rest: &str) -> Option<usize> {
    [" / ", " + ", "\t", "+ "].iter().find(|mark| rest.starts_with(**mark)).map(|mark| mark.len())
}

fn is_comma(rest: &str) -> Option<usize> {
    rest.starts_with(',').then_some(1)
}

fn is_hyphen(rest: &str) -> Option<usize> {
    rest.starts_with('-').then_some(1)
}

fn is_soft_mark(rest: &str) -> Option<usize> {
    let marks = [",", "/", " et ", " ou ", " & ", "+"];
    marks.iter().find(|mark| rest.starts_with(**mark)).map(|mark| mark.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offer::words::vocabulary;
    use crate::table::Kind;
    use crate::table::defaults::formations;

    fn read(column: &str, words: &str) -> Reading {
        let column = formations().into_iter().find(|it| it.id.as_str() == column).unwrap();
        match column.kind {
            Kind::Choice => one(&vocabulary(&column), words),
            _ => many(&vocabulary(&column), words),
        }
    }

    fn chosen(reading: &Reading) -> Vec<&str> {
        reading.value.as_map().unwrap().keys().map(String::as_str).collect()
    }

    fn doubted(reading: &Reading) -> Vec<&str> {
        reading.doubts.iter().map(|doubt| doubt.words.as_str()).collect()
    }

    #[test]
    fn several_audiences_in_one_cell_are_all_found() {
        let reading = read("publics", "élus ; agents / consultants\n+ associations");

        assert_eq!(
            chosen(&reading),
            ["agents_territoriaux", "associations", "consultants", "elus"]
        );
        assert!(reading.doubts.is_empty());
        assert_eq!(reading.words, "élus ; agents / consultants\n+ associations");
    }

    #[test]
    fn commas_part_a_cell_only_where_a_part_is_known() {
        let reading = read(
            "publics",
            "Élu(e), collaborateur, collaboratrice, agent ou cadre de collectivité",
        );
        let unknown = read("publics", "Directeurs, coordinateurs et animateurs");

        assert_eq!(chosen(&reading), ["agents_territoriaux", "elus"]);
        assert_eq!(doubted(&reading), ["collaborateur", "collaboratrice", "cadre de collectivité"]);
        assert_eq!(
            unknown,
            Reading::unread("Directeurs, coordinateurs et animateurs", Why::UnknownWords)
        );
    }

    #[test]
    fn a_label_as_it_stands_leaves_no_words_and_any_other_writing_does() {
        assert_eq!(read("modalite", "Présentiel"), Reading::sure("presentiel"));
        assert_eq!(
            read("modalite", "présentielle"),
            Reading::sure("presentiel").keeping("présentielle")
        );
    }

    #[test]
    fn what_stands_in_parentheses_is_kept_and_said() {
        let reading = read("type", "formation courte (intra)");

        assert_eq!(reading.value, "formation_courte".into());
        assert_eq!(reading.words, "formation courte (intra)");
        assert_eq!(doubted(&reading), ["(intra)"]);
        assert_eq!(reading.doubts[0].why, Why::RemarkKept);
    }

    #[test]
    fn a_parenthesis_in_the_middle_does_not_hide_what_follows() {
        let reading =
            read("publics", "Associations (bénévoles et salariés), collectivités (élus et agents)");

        assert_eq!(chosen(&reading), ["agents_territoriaux", "associations", "elus"]);
        assert_eq!(doubted(&reading), ["collectivités", "(bénévoles et salariés)"]);
    }

    #[test]
    fn two_formats_at_choice_are_not_a_blend() {
        let choice = read("modalite", "Présentiel ou distanciel");
        let blend = read("modalite", "Présentiel et distanciel");

        assert_eq!(choice, Reading::unread("Présentiel ou distanciel", Why::SeveralForOne));
        assert_eq!(blend.value, "hybride".into());
    }

    #[test]
    fn retired_options_are_still_understood_after_those_in_use() {
        let mut column = formations().into_iter().find(|it| it.id.as_str() == "niveau").unwrap();
        column.options[0].archived = true;
        let vocabulary = Vocabulary::new(&column, &[("gone", &["débutant"])]);

        assert_eq!(vocabulary.find("Initiation"), Some("initiation"));
        assert_eq!(vocabulary.find("débutant"), None);
    }
}
