//! Optional questions wait behind a line that names them: whoever has five minutes meets those that must be
//! answered. What holds words, or has something to say, is never folded away.

use tablee_domain::proposal::{Block, Field, Form, Requirement};

use super::view::{Answer, FieldView};

/// How many letters of names a line holds without becoming two.
const LINE: usize = 55;

/// The questions of a block: those at hand, then the optional ones by their sections of the table.
pub fn parted<'f, 'c>(
    form: &'f Form<'c>,
    block: &'f Block<'c>,
) -> (Vec<&'f Field<'c>>, Vec<Vec<&'f Field<'c>>>) {
    let is_at_hand =
        |field: &&Field<'_>| field.required != Requirement::No || stands_in(form, field.name());
    let (at_hand, optional) = block.fields.iter().partition::<Vec<_>, _>(is_at_hand);
    let mut sections: Vec<Vec<&Field<'c>>> = Vec::new();
    for field in optional {
        let section = &field.column.section;
        match sections.iter_mut().find(|fields| fields[0].column.section == *section) {
            Some(fields) => fields.push(field),
            None => sections.push(vec![field]),
        }
    }
    (at_hand, sections)
}

/// Whether an answer to a question does in the place of another's.
fn stands_in(form: &Form<'_>, name: &str) -> bool {
    form.fields().any(|other| match &other.required {
        Requirement::When(rule) => rule.names().contains(name),
        Requirement::No | Requirement::Always => false,
    })
}

/// The questions behind a line, named as in a sentence: first those of which the table shows the answers.
pub fn names(labels: &[(bool, &str)]) -> String {
    let shown = labels.iter().filter(|(is_shown, _)| *is_shown);
    let others = labels.iter().filter(|(is_shown, _)| !is_shown);
    let mut line = String::new();
    for (_, label) in shown.chain(others) {
        let longer =
            if line.is_empty() { (*label).to_owned() } else { format!("{line}, {}", small(label)) };
        if !line.is_empty() && longer.chars().count() > LINE {
            return line + "…";
        }
        line = longer;
    }
    line
}

/// A name inside a sentence. One that begins with an acronym stays as it is.
fn small(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

/// Whether people must see a question without looking for it.
pub fn is_to_be_seen(field: &FieldView) -> bool {
    let is_filled = match &field.asked {
        Answer::Line(words) | Answer::Lines(words) => !words.trim().is_empty(),
        Answer::One(options) | Answer::Some(options) => options.iter().any(|it| it.is_chosen),
        Answer::Items(items) => {
            items.len() > 1 || items.iter().any(|it| it.is_new || !it.value.trim().is_empty())
        }
    };
    is_filled || field.error.is_some() || !field.notes.is_empty()
}

#[cfg(test)]
mod tests {
    use tablee_domain::proposal::{Fault, FieldError, read::private_fields};
    use tablee_domain::table::{Columns, defaults::formations};

    use super::*;
    use crate::i18n::Locale;
    use crate::web::pages::propose::questions::Questions;
    use crate::web::pages::propose::typed::Typed;
    use crate::web::pages::propose::view::{BlockView, FoldView};

    /// The blocks of a form with what was typed, what is wrong, and the list that got a line.
    fn form(typed: &[(&str, &str)], wrong: &[&str], added: Option<&str>) -> Vec<BlockView> {
        asking(typed, wrong, added, |questions| {
            let mut blocks = questions.blocks();
            blocks.push(questions.you(true, None));
            blocks
        })
    }

    /// What a form says with what was typed, what is wrong, and the list that got a line.
    fn asking<T>(
        typed: &[(&str, &str)],
        wrong: &[&str],
        added: Option<&str>,
        look: impl Fn(&Questions<'_>) -> T,
    ) -> T {
        let typed = typed.iter().map(|(name, words)| ((*name).to_owned(), (*words).to_owned()));
        let error = |field: &&str| FieldError {
            field: (*field).to_owned(),
            fault: Fault::Missing,
            words: String::new(),
        };
        look(&Questions {
            locale: Locale::Fr,
            columns: &Columns::new(formations()),
            typed: &Typed::from(typed.collect::<Vec<_>>()),
            read: None,
            before: None,
            now: None,
            errors: &wrong.iter().map(error).collect::<Vec<_>>(),
            left: &[],
            added,
        })
    }

    fn folds(blocks: &[BlockView]) -> impl Iterator<Item = &FoldView> {
        blocks.iter().flat_map(|block| &block.folds)
    }

    /// The questions of the folds that are open.
    fn open(blocks: &[BlockView]) -> Vec<&str> {
        let open = folds(blocks).filter(|fold| fold.is_open);
        open.map(|fold| fold.fields[0].name.as_str()).collect()
    }

    #[test]
    fn who_has_five_minutes_meets_the_six_answers_and_what_may_stand_in_for_the_last() {
        let blocks = form(&[], &[], None);

        let at_hand: Vec<&str> =
            blocks.iter().flat_map(|it| &it.fields).map(|it| it.name.as_str()).collect();
        let wanted = "intitule organisme type resume themes url contact_courriel contact_tel \
                      vous-nom vous-courriel";
        assert_eq!(at_hand, wanted.split_whitespace().collect::<Vec<_>>());
        assert!(open(&blocks).is_empty());
    }

    #[test]
    fn no_question_gets_lost_in_the_folds() {
        let columns = Columns::new(formations());
        let blocks = form(&[], &[], None);

        let folded = folds(&blocks).flat_map(|fold| &fold.fields);
        let shown = blocks.iter().flat_map(|it| &it.fields).chain(folded);
        let shown: std::collections::BTreeSet<&str> = shown.map(|it| it.name.as_str()).collect();
        for field in Form::of(&columns).fields() {
            assert!(shown.contains(field.name()), "`{}` is not asked", field.name());
        }
        assert!(shown.contains(private_fields::CONTACT) && shown.contains(private_fields::REMARK));
    }

    #[test]
    fn a_fold_names_what_is_in_it() {
        let blocks = form(&[], &[], None);

        let named: Vec<&str> = folds(&blocks).map(|fold| fold.names.as_str()).collect();
        assert_eq!(named[0], "Partenaires");
        assert!(named.contains(&"Format, durée, sessions, lieux…"), "{named:?}");
        assert!(named.contains(&"Personne à contacter, remarque pour les pilotes"), "{named:?}");
        assert_eq!(names(&[(false, "Durée"), (false, "CPF"), (true, "Été")]), "Été, durée, CPF");
        let long = "Ce que l'on saura faire en repartant chez soi";
        assert_eq!(
            names(&[(false, "Buts"), (false, long)]),
            "Buts, ce que l'on saura faire en repartant chez soi"
        );
        assert_eq!(names(&[(false, "Objectifs"), (false, long)]), "Objectifs…");
    }

    #[test]
    fn what_is_wrong_is_told_in_the_order_of_the_page() {
        let wrong = [private_fields::REMARK, "licence", "partenaires", "url", "lien_icpc", "type"];

        let told = asking(&[], &wrong, None, |questions| {
            questions.faults().into_iter().map(|fault| fault.at).collect::<Vec<_>>()
        });

        let order = ["type", "partenaires", "url", "lien_icpc", private_fields::REMARK, "licence"];
        assert_eq!(told, order);
    }

    #[test]
    fn how_long_an_answer_may_be_is_said_once() {
        let blocks = form(&[], &[], None);

        let help = |name: &str| {
            let mut fields = blocks.iter().flat_map(|block| &block.fields);
            fields.find(|field| field.name == name).unwrap().help.clone()
        };
        assert_eq!(help("resume").matches("300").count(), 1, "{}", help("resume"));
        assert_eq!(help("intitule").matches("255").count(), 1, "{}", help("intitule"));
    }

    #[test]
    fn what_was_written_what_is_wrong_and_a_new_line_are_never_folded_away() {
        let written = form(&[("cpf", "oui"), ("prerequis", " "), ("methodes", "jeu")], &[], None);
        assert_eq!(open(&written), ["objectifs", "tarif_texte"]);
        let wrong = form(&[], &["effectif_min", private_fields::REMARK], None);
        assert_eq!(open(&wrong), ["publics", private_fields::CONTACT]);
        assert_eq!(open(&form(&[], &[], Some("tarifs"))), ["tarif_texte"]);
        let two_empty_lines = [("sessions", ""), ("sessions", "")];
        assert_eq!(open(&form(&two_empty_lines, &[], None)), ["modalite"]);
    }
}
