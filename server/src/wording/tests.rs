use serde_json::{Value, json};

use super::*;

fn column(id: &str, kind: &str) -> Column {
    let columns = json!({
        "id": id, "kind": kind, "label": { "fr": id, "en": id }, "order": 1.0,
        "options": [
            { "id": "elu_es", "label": { "fr": "Élu·es", "en": "Elected officials" } },
            { "id": "agents", "label": { "fr": "Agents", "en": "" } },
        ],
    });
    serde_json::from_value(columns).unwrap()
}

fn says(locale: Locale, (id, kind): (&str, &str), value: Value) -> String {
    let value = serde_json::from_value(value).unwrap();
    words(locale, &column(id, kind), &value).map(|words| words.in_one_line()).unwrap_or_default()
}

fn french(kind: &str, value: Value) -> String {
    says(Locale::Fr, ("x", kind), value).replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn a_price_says_all_that_is_known_of_it() {
    let full = json!({"a": {"montant": 1200, "devise": "EUR", "taxe": "HT", "unite": "personne", "profil": "employeur", "a_partir_de": true}});
    assert_eq!(french("prices", full.clone()), "à partir de 1 200 € HT par personne (employeur)");
    assert_eq!(
        says(Locale::En, ("x", "prices"), full).replace('\u{a0}', " "),
        "from €1,200 HT per personne (employeur)"
    );
    assert_eq!(
        french("prices", json!({"a": {"montant": 40, "devise": "CHF", "taxe": "?"}})),
        "40 CHF"
    );
    assert_eq!(
        french(
            "prices",
            json!({"a": {"montant": 350}, "b": {"montant": 500, "profil": "non adhérent"}})
        ),
        "350 €, 500 € (non adhérent)"
    );
    assert_eq!(
        french("prices", json!({"a": {"texte": "voir le site"}, "b": true, "c": {}})),
        "voir le site"
    );
}

#[test]
fn a_session_does_not_say_its_month_twice() {
    let session = |parts: Value| french("sessions", json!({ "a": parts }));
    assert_eq!(
        session(json!({"debut": "2025-03-12", "fin": "2025-03-14", "lieu": "Grenoble"})),
        "du 12 au 14 mars 2025, Grenoble"
    );
    assert_eq!(
        session(json!({"debut": "2025-03-31", "fin": "2025-04-02"})),
        "du 31 mars au 2 avril 2025"
    );
    assert_eq!(
        session(json!({"debut": "2024-12-30", "fin": "2025-01-02"})),
        "du 30 décembre 2024 au 2 janvier 2025"
    );
    assert_eq!(
        session(json!({"debut": "2025-01", "fin": "2025-09"})),
        "de janvier à septembre 2025"
    );
    assert_eq!(
        session(json!({"debut": "2025-03-12", "etat_recrutement": "complète"})),
        "12 mars 2025 (complète)"
    );
    assert_eq!(session(json!({"texte": "rentrée 2025"})), "rentrée 2025");
    assert_eq!(
        french(
            "sessions",
            json!({"a": {"debut": "2026"}, "b": {"texte": "à venir"}, "c": {"debut": "2025"}})
        ),
        "2025, 2026, à venir"
    );
}

#[test]
fn a_place_is_named_once() {
    let place = |parts: Value| french("places", json!({ "a": parts }));
    assert_eq!(
        place(json!({"lieu": "Grenoble", "commune": "Grenoble", "departement": "38"})),
        "Grenoble (38)"
    );
    assert_eq!(
        place(json!({"lieu": "Maison des associations", "commune": "Rezé"})),
        "Maison des associations, Rezé"
    );
    assert_eq!(place(json!({"commune": "Genève", "pays": "CH"})), "Genève, Suisse");
    assert_eq!(place(json!({"pays": "BE"})), "Belgique");
    assert_eq!(place(json!({"commune": "Zagreb", "pays": "HR"})), "Zagreb, HR");
    assert_eq!(place(json!({"en_ligne": true})), "en ligne");
    assert_eq!(place(json!({})), "");
}

#[test]
fn choices_are_read_by_their_names_in_the_order_of_the_column() {
    assert_eq!(
        french("choices", json!({"agents": true, "elu_es": true, "zzz": true})),
        "Élu·es, Agents, zzz"
    );
    assert_eq!(
        says(Locale::En, ("x", "choices"), json!({"agents": true, "elu_es": true})),
        "Elected officials, Agents"
    );
    assert_eq!(french("choice", json!("agents")), "Agents");
    assert_eq!(french("choice", json!("unknown")), "unknown");
}

#[test]
fn a_duration_counts_as_its_language_does() {
    assert_eq!(says(Locale::Fr, ("duree_jours", "duration"), json!(1.5)), "1,5 jour");
    assert_eq!(says(Locale::En, ("duree_jours", "duration"), json!(1.5)), "1.5 days");
    assert_eq!(says(Locale::Fr, ("duree_heures", "duration"), json!(14)), "14 heures");
    assert_eq!(says(Locale::Fr, ("duree_heures", "duration"), json!(0.5)), "0,5 heure");
}

#[test]
fn no_cell_becomes_a_link_that_runs_something() {
    for hostile in [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "file://exemple.fr/etc/passwd",
        "javascript://exemple.fr/%0aalert(1)",
        "ftp://exemple.fr/",
        "//evil.example/x",
        "https://bank.example@evil.example/",
        "site.fr/formation",
        "",
    ] {
        let value = Plain::text(hostile);
        for kind in ["url", "email", "phone"] {
            let words = words(Locale::Fr, &column("x", kind), &value);
            assert!(!matches!(words, Some(Words::Link(_))), "{hostile} as {kind}");
        }
    }
}

#[test]
fn an_honest_address_can_be_followed() {
    let link = web_link("https://www.exemple.fr/formations/ ").unwrap();
    assert_eq!(
        (link.href.as_str(), link.text.as_str()),
        ("https://www.exemple.fr/formations/", "www.exemple.fr/formations")
    );

    let cyrillic = web_link("https://ехample.fr/").unwrap();
    assert!(cyrillic.text.starts_with("xn--"), "{}", cyrillic.text);

    let mail = mail_link("formation+eau@exemple.org").unwrap();
    assert_eq!(mail.href, "mailto:formation%2Beau@exemple.org");
    assert_eq!(mail_link("a@b.fr?bcc=c@d.fr"), None);

    let phone = tel_link("+33 1 23 45 67 89").unwrap();
    assert_eq!(
        (phone.href.as_str(), phone.text.replace('\u{a0}', " ").as_str()),
        ("tel:+33123456789", "01 23 45 67 89")
    );
}

#[test]
fn a_title_is_what_it_looks_like() {
    assert_eq!(
        one_line("  Susciter \r\n la\tparticipation\u{202e}\u{200b} "),
        "Susciter la participation"
    );
    assert_eq!(one_line("12\u{a0}500\u{a0}€"), "12\u{a0}500\u{a0}€");
}

#[test]
fn a_long_text_keeps_its_paragraphs_and_its_lines() {
    assert_eq!(paragraphs("a\r\nb\n\n\n c \u{0}\n\n"), ["a\nb", " c"]);
    assert_eq!(words(Locale::Fr, &column("x", "long_text"), &Plain::text(" \n ")), None);
}
