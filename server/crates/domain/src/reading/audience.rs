//! Whom élus and agents serve: `élus locaux`, `agents des villes`, `agents des services de l'État`.

use crate::text::fold::key;

const SERVES: [&str; 5] = ["de", "des", "du", "d", "au"];
const TERRITORIES: [&str; 11] = [
    "territorial",
    "territoriale",
    "collectivite",
    "commune",
    "communal",
    "ville",
    "mairie",
    "departement",
    "region",
    "metropole",
    "intercommunalite",
];
const STATE: [&str; 5] = ["etat", "ministere", "prefecture", "deconcentre", "centrale"];

/// The options of people that words name and narrow; none where they may be anybody's.
pub fn narrowed(words: &str) -> Vec<&'static str> {
    if words.contains([',', ';', '\n', '•', '|', '(']) {
        return Vec::new();
    }
    let key = key(words);
    let words: Vec<&str> = key.split(' ').collect();
    let [first, rest @ ..] = words.as_slice() else { return Vec::new() };
    if rest.is_empty() || !joins_only_whom_they_serve(rest) {
        return Vec::new();
    }
    match *first {
        "elu" | "elue" => vec!["elus"],
        "agent" | "agente" => {
            let says = |known: &[&str]| rest.iter().any(|word| known.contains(word));
            let state = says(&STATE).then_some("agents_etat");
            let territory = says(&TERRITORIES).then_some("agents_territoriaux");
            state.into_iter().chain(territory).collect()
        }
        _ => Vec::new(),
    }
}

/// `des services participation et/ou des autres services` are one; `locaux et agents` are two.
fn joins_only_whom_they_serve(rest: &[&str]) -> bool {
    let joins = |word: &str| matches!(word, "et" | "ou");
    let goes_on = |word: &str| {
        joins(word)
            || SERVES.contains(&word)
            || TERRITORIES.contains(&word)
            || STATE.contains(&word)
    };
    rest.windows(2).all(|pair| !joins(pair[0]) || goes_on(pair[1]))
}

/// Whether words begin with agents of somebody, so that what follows may name other employers.
pub fn begins_with_agents(words: &str) -> bool {
    let key = key(words);
    let mut words = key.split(' ');
    matches!(words.next(), Some("agent" | "agente"))
        && words.next().is_some_and(|it| SERVES.contains(&it))
}

/// The agents of an employer that stands in a list behind others.
pub fn employer(words: &str) -> Option<&'static str> {
    match key(words).as_str() {
        "etat" | "l etat" => Some("agents_etat"),
        "collectivite" | "collectivite territoriale" | "collectivite locale" => {
            Some("agents_territoriaux")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elus_and_agents_are_known_by_whom_they_serve() {
        for (words, options) in [
            ("Élus locaux", &["elus"][..]),
            ("élus des structures gestionnaires de captages", &["elus"]),
            ("agents des villes", &["agents_territoriaux"]),
            (
                "Agent.es des services participation et/ou des autres services de la commune",
                &["agents_territoriaux"],
            ),
            ("agents des services déconcentrés de l'État", &["agents_etat"]),
            (
                "agents de l'administration centrale ou territoriale",
                &["agents_etat", "agents_territoriaux"],
            ),
            ("agents publics", &[]),
            ("agents d'urbanisme", &[]),
            ("élus locaux et agents", &[]),
            ("professionnels des collectivités", &[]),
        ] {
            assert_eq!(narrowed(words), options, "{words}");
        }
    }
}
