use super::super::*;
use super::{columns, fields, map, price, row};
use crate::ids::ColumnId;
use crate::reading::Why;
use crate::table::{Column, Columns, Kind as ColumnKind, Label, defaults::formations};

const SIX: [(&str, &str); 6] = [
    ("intitule", "Animer une réunion publique"),
    ("organisme", "Scop L'Orage"),
    ("type", "formation_courte"),
    ("resume", "Apprendre à animer une réunion."),
    ("themes", "animation_facilitation"),
    ("url", "https://orage.fr/animer"),
];

fn faults(filled: &Filled) -> Vec<(&str, Fault)> {
    filled.errors.iter().map(|error| (error.field.as_str(), error.fault)).collect()
}

#[test]
fn the_form_asks_in_four_blocks_and_never_about_what_pilots_alone_write() {
    let columns = columns();
    let form = Form::of(&columns);

    let blocks: Vec<&str> = form.blocks.iter().map(|block| block.key.as_str()).collect();
    assert_eq!(blocks, ["essentiel", "contenu", "pratique", "contact"]);
    for column in ["etat", "verifie_le", "duree_heures", "duree_jours"] {
        assert!(form.field(column).is_none(), "{column}");
    }
    let required: Vec<&str> = form
        .fields()
        .filter(|field| field.required != Requirement::No)
        .map(crate::proposal::form::Field::name)
        .collect();
    assert_eq!(required, ["intitule", "organisme", "type", "resume", "themes", "url"]);
}

#[test]
fn a_column_that_a_pilot_adds_is_asked_in_the_block_of_its_section() {
    let label = Label { fr: "Hébergement".into(), en: "Lodging".into() };
    let new = Column {
        id: ColumnId::new("hebergement").unwrap(),
        label,
        section: "deroulement".into(),
        required: false,
        ..formations().remove(0)
    };
    let hidden = Column {
        id: ColumnId::new("interne").unwrap(),
        public: false,
        shown: false,
        ..new.clone()
    };
    let columns = Columns::new(formations().into_iter().chain([new, hidden]).collect());
    let form = Form::of(&columns);

    let practical = &form.blocks[2];
    assert!(practical.fields.iter().any(|field| field.name() == "hebergement"));
    assert!(form.field("interne").is_none());
}

#[test]
fn a_rule_about_a_retired_column_hides_nothing() {
    let mut all = formations();
    let price = all.iter_mut().find(|column| column.id.as_str() == "tarif_type").unwrap();
    price.archived = true;
    let columns = Columns::new(all);

    assert_eq!(Form::of(&columns).field("tarifs").unwrap().shown_if, None);
}

#[test]
fn six_answers_make_an_offer() {
    let filled = read(&columns(), &fields(&SIX), None);

    assert_eq!(filled.errors, []);
    assert_eq!(filled.cells["type"], "formation_courte".into());
    assert_eq!(filled.cells["themes"], map(&[("animation_facilitation", true.into())]));
    assert_eq!(filled.payload(None).kind, Kind::New);
    assert_eq!(filled.cells.len(), 6);
}

#[test]
fn an_empty_form_says_all_that_is_missing_at_once() {
    let filled = read(&columns(), &fields(&[]), None);

    let missing =
        ["intitule", "organisme", "type", "resume", "themes"].map(|it| (it, Fault::Missing));
    let wanted: Vec<(&str, Fault)> =
        missing.into_iter().chain([("url", Fault::PageOrContact)]).collect();
    assert_eq!(faults(&filled), wanted);
}

#[test]
fn a_contact_does_as_well_as_a_page() {
    let mut given = fields(&SIX[..5]);
    given.push(("contact_courriel".into(), "formation@orage.fr".into()));

    assert_eq!(read(&columns(), &given, None).errors, []);
}

#[test]
fn words_are_understood_as_an_import_understands_them() {
    let mut given = fields(&SIX);
    given.extend(fields(&[
        ("duree_texte", "2,5 j (18 h)"),
        ("tarif_type", "payant"),
        ("tarifs", "1 200 € HT par personne"),
        ("tarifs", " "),
        ("tarifs", "300 €"),
        ("sessions", "du 12 au 14 mars 2027"),
        ("lieux", "Grenoble (38)"),
        ("date_echeance", "30/09/2027"),
        ("certification_type", "rncp"),
        ("code_rncp", "rncp 36315"),
    ]));

    let filled = read(&columns(), &given, None);

    assert_eq!(filled.errors, []);
    assert_eq!(filled.cells["duree_jours"], 2.5.into());
    assert_eq!(filled.cells["duree_heures"], 18.0.into());
    assert_eq!(filled.also["duree_jours"], "2,5");
    assert_eq!(filled.readings["duree_texte"].understood, ["2,5 jours, 18 heures"]);
    assert_eq!(filled.cells["tarifs"].as_map().unwrap().len(), 2);
    assert_eq!(filled.readings["sessions"].understood, ["du 12 au 14 mars 2027"]);
    assert_eq!(filled.cells["code_rncp"], "RNCP36315".into());
    assert_eq!(filled.cells["date_echeance"], "2027-09-30".into());
}

#[test]
fn words_of_a_link_may_name_an_option() {
    let mut given = fields(&SIX);
    given[2].1 = "Formation courte".into();
    given[4].1 = "Concertation".into();

    let filled = read(&columns(), &given, None);

    assert_eq!(filled.errors, []);
    assert_eq!(filled.cells["type"], "formation_courte".into());
    assert_eq!(filled.cells["themes"], map(&[("concertation", true.into())]));
}

#[test]
fn what_was_not_understood_stays_in_words_and_is_told() {
    let mut given = fields(&SIX);
    given.push(("sessions".into(), "quand les cerises seront mûres".into()));

    let filled = read(&columns(), &given, None);

    assert_eq!(filled.errors, []);
    assert_eq!(filled.cells["sessions~said"], "quand les cerises seront mûres".into());
    assert!(!filled.readings["sessions"].doubts.is_empty());
}

#[test]
fn what_cannot_be_kept_is_an_error_of_its_field_and_nothing_is_lost_in_silence() {
    let mut given = fields(&SIX);
    given.extend(fields(&[
        ("contact_courriel", "formation@orage.fr (Marie D.)"),
        ("contact_tel", "appeler"),
    ]));
    given[5].1 = "voir le site".into();

    let filled = read(&columns(), &given, None);

    let wanted = [
        ("contact_courriel", Fault::Unread(Why::BesideContact)),
        ("contact_tel", Fault::Unread(Why::NotAPhone)),
    ];
    assert_eq!(faults(&filled), wanted);
    assert_eq!(filled.cells["url~said"], "voir le site".into());
}

#[test]
fn a_page_that_is_no_address_is_no_page() {
    let mut given = fields(&SIX);
    given[5].1 = "orage".into();

    assert_eq!(faults(&read(&columns(), &given, None)), [("url", Fault::Unread(Why::NotALink))]);
}

#[test]
fn a_question_that_is_not_asked_is_not_answered_and_that_is_said() {
    let mut given = fields(&SIX);
    given.extend(fields(&[("code_rncp", "RNCP36315"), ("certification_type", "aucune")]));

    let filled = read(&columns(), &given, None);

    assert_eq!(faults(&filled), [("code_rncp", Fault::NotAsked)]);
    assert!(!filled.cells.contains_key("code_rncp"));
}

#[test]
fn a_summary_longer_than_asked_is_sent_back() {
    let mut given = fields(&SIX);
    given[3].1 = "é".repeat(301);

    assert_eq!(faults(&read(&columns(), &given, None)), [("resume", Fault::TooLong(300))]);
}

#[test]
fn a_correction_asks_for_what_changed_and_remembers_what_stood_there() {
    let columns = columns();
    let before = row(
        &[
            ("intitule", "Animer".into()),
            ("duree_texte", "2 jours".into()),
            ("duree_jours", 2.0.into()),
        ],
        &[],
    );
    let mut given = fill(&columns, &before);
    given.iter_mut().filter(|(name, _)| name == "duree_texte").for_each(|(_, words)| {
        *words = "3 jours".into();
    });

    let filled = read(&columns, &given, Some(&before));

    assert_eq!(filled.errors, [], "what the row lacks already is not the corrector's to find");
    assert_eq!(
        filled.cells,
        [("duree_jours".to_owned(), 3.0.into()), ("duree_texte".to_owned(), "3 jours".into())]
            .into()
    );
    assert_eq!(filled.base["duree_texte"], "2 jours".into());
    assert_eq!(filled.payload(Some(before.id.clone())).kind, Kind::Correction);
}

#[test]
fn days_that_somebody_wrote_by_hand_are_not_overwritten_by_the_words_beside_them() {
    let columns = columns();
    let before = row(&[("duree_texte", "2 jours".into()), ("duree_jours", 2.5.into())], &[]);
    let given = fields(&[("duree_texte", "3 jours")]);

    let filled = read(&columns, &given, Some(&before));

    assert_eq!(filled.cells.keys().collect::<Vec<_>>(), ["duree_texte"]);
}

#[test]
fn a_price_that_changes_keeps_its_place_and_the_others_stay() {
    let columns = columns();
    let prices = map(&[("i01", price(300.0)), ("k7", price(500.0))]);
    let before = row(&[("tarifs", prices), ("tarif_type", "payant".into())], &[]);
    let given = fields(&[
        ("tarif_type", "payant"),
        ("tarifs", "300 €"),
        ("tarifs", "550 €"),
        ("tarifs", "10 €"),
    ]);

    let filled = read(&columns, &given, Some(&before));

    let wanted = map(&[("i01", price(300.0)), ("k7", price(550.0)), ("i02", price(10.0))]);
    assert_eq!(filled.cells, [("tarifs".to_owned(), wanted)].into());
}

#[test]
fn own_words_that_no_value_says_are_corrected_as_words() {
    let columns = columns();
    let before = row(&[], &[("lieux", "aux quatre coins de la France")]);

    assert_eq!(fill(&columns, &before), fields(&[("lieux", "aux quatre coins de la France")]));
    let filled = read(&columns, &fields(&[("lieux", "Grenoble (38)")]), Some(&before));
    assert_eq!(filled.cells["lieux~said"], Plain::Null);
    assert_eq!(filled.base["lieux~said"], "aux quatre coins de la France".into());
    assert!(filled.cells["lieux"].as_map().is_some());
}

#[test]
fn prices_of_what_becomes_free_are_taken_away() {
    let columns = columns();
    let before =
        row(&[("tarifs", map(&[("i01", price(300.0))])), ("tarif_type", "payant".into())], &[]);

    let filled = read(&columns, &fields(&[("tarif_type", "gratuit")]), Some(&before));

    assert_eq!(filled.cells["tarifs"], Plain::Null);
    assert_eq!(filled.errors, []);
}

#[test]
fn an_option_that_the_column_no_longer_knows_is_not_taken_away() {
    let columns = columns();
    let before = row(&[("themes", map(&[("ancien", true.into()), ("eau", true.into())]))], &[]);

    let filled = read(&columns, &fields(&[("themes", "eau"), ("themes", "elus")]), Some(&before));

    let wanted = map(&[("ancien", true.into()), ("eau", true.into()), ("elus", true.into())]);
    assert_eq!(filled.cells["themes"], wanted);
}

#[test]
fn a_mistyped_address_of_the_author_is_asked_about() {
    let given = fields(&[("vous-courriel", " Lea@Gmial.com ")]);

    let filled = read(&columns(), &given, None);

    assert_eq!(filled.private.email, "lea@gmial.com");
    assert_eq!(filled.private.email_meant.as_deref(), Some("lea@gmail.com"));
    let none = read(&columns(), &fields(&[("vous-courriel", "lea@mairie.fr")]), None);
    assert_eq!(none.private.email_meant, None);
    let wrong = read(&columns(), &fields(&[("vous-courriel", "léa")]), None);
    assert!(faults(&wrong).contains(&("vous-courriel", Fault::Unread(Why::NotAnEmail))));
}

#[test]
fn every_kind_of_column_is_asked_in_some_way() {
    for kind in ColumnKind::ALL {
        let one = Column { kind, ..formations().remove(0) };
        let columns = Columns::new(vec![one]);
        assert_eq!(Form::of(&columns).fields().count(), 1, "{kind:?}");
    }
}
