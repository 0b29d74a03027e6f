//! The options of the default columns: id, French, English.
//!
//! Provisional where the network has not decided yet (themes, skills): pilots change them in the table.

/// Options in the order in which they are offered.
pub type Options = &'static [(&'static str, &'static str, &'static str)];

pub const TYPES: Options = &[
    ("formation_courte", "formation courte", "short course"),
    ("formation_longue", "formation longue", "long course"),
    ("diplome_universitaire", "diplôme universitaire", "university diploma"),
    ("master_licence", "master ou licence", "master's or bachelor's degree"),
    ("mooc", "MOOC, en ligne", "MOOC, online"),
    ("atelier_webinaire", "atelier ou webinaire", "workshop or webinar"),
    ("auto_formation", "auto-formation", "self-study"),
    ("formation_action", "formation-action, intra", "action training, in-house"),
    ("ecole_ete_colloque", "école d'été, colloque", "summer school, conference"),
    ("autre", "autre", "other"),
];

pub const THEMES: Options = &[
    ("participation_citoyenne", "participation citoyenne", "citizen participation"),
    ("concertation", "concertation", "public consultation"),
    ("democratie_participative", "démocratie participative", "participatory democracy"),
    ("democratie_locale", "démocratie locale", "local democracy"),
    ("dispositifs_participatifs", "dispositifs participatifs", "participatory arrangements"),
    ("ingenierie_concertation", "ingénierie de la concertation", "engineering of consultation"),
    ("dialogue_territorial", "dialogue territorial", "territorial dialogue"),
    ("mediation_conflits", "médiation et gestion des conflits", "mediation and conflict handling"),
    ("debat_public", "débat public", "public debate"),
    ("assemblees_deliberation", "assemblées citoyennes et délibération", "citizens' assemblies"),
    ("budget_participatif", "budget participatif", "participatory budget"),
    ("conseils_citoyens", "conseils citoyens", "citizens' councils"),
    ("animation_facilitation", "animation et facilitation", "facilitation"),
    ("intelligence_collective", "intelligence collective", "collective intelligence"),
    ("cooperation", "coopération", "cooperation"),
    ("gouvernance_partagee", "gouvernance partagée", "shared governance"),
    ("education_populaire", "éducation populaire", "popular education"),
    ("pouvoir_agir", "pouvoir d'agir et community organizing", "empowerment and organizing"),
    ("mobilisation", "mobilisation et aller-vers", "outreach"),
    ("inclusion", "inclusion, genre, précarité", "inclusion, gender, poverty"),
    ("citoyennete", "citoyenneté et engagement", "citizenship and commitment"),
    ("elus", "élus et mandat", "elected people and their mandate"),
    ("cadre_reglementaire", "cadre réglementaire", "legal framework"),
    ("evaluation", "évaluation", "evaluation"),
    ("restitution", "restitution et droit de suite", "reporting back"),
    ("numerique", "numérique participatif", "digital participation"),
    ("intelligence_artificielle", "intelligence artificielle", "artificial intelligence"),
    ("design", "design et co-conception", "design and co-design"),
    ("recherche_participative", "recherche participative", "participatory research"),
    ("democratie_sante", "démocratie en santé", "democracy in health"),
    ("politique_ville", "politique de la ville", "urban policy"),
    ("urbanisme", "urbanisme, architecture, habitat", "planning, architecture, housing"),
    ("eau", "eau et milieux aquatiques", "water"),
    ("environnement", "environnement et transitions", "environment and transitions"),
    ("developpement_local", "territoires et développement local", "local development"),
    ("communication_publique", "communication publique", "public communication"),
    ("action_publique", "action et innovation publiques", "public action and innovation"),
];

pub const SKILLS: Options = &[
    ("ingenierie", "ingénierie de la concertation", "engineering of consultation"),
    ("animation", "animation et facilitation", "facilitation"),
    ("mobilisation", "mobilisation et aller-vers", "outreach"),
    ("inclusion", "inclusion, genre, précarité", "inclusion, gender, poverty"),
    ("cadre_reglementaire", "cadre réglementaire", "legal framework"),
    ("conflits_mediation", "conflits, médiation, dialogue territorial", "conflict and mediation"),
    ("numerique", "numérique participatif", "digital participation"),
    ("ia", "intelligence artificielle", "artificial intelligence"),
    ("evaluation", "évaluation", "evaluation"),
    ("restitution", "restitution, droit de suite", "reporting back"),
    ("design", "design et co-conception", "design and co-design"),
    ("pouvoir_agir", "pouvoir d'agir, community organizing", "empowerment, organizing"),
    ("gouvernance_partagee", "gouvernance partagée", "shared governance"),
    ("democratie_sante", "démocratie en santé", "democracy in health"),
    ("budget_participatif", "budget participatif", "participatory budget"),
    ("deliberation", "assemblées citoyennes, délibération", "assemblies, deliberation"),
    ("recherche_participative", "recherche participative", "participatory research"),
];

pub const AUDIENCES: Options = &[
    ("elus", "élu·es", "elected people"),
    ("agents_territoriaux", "agents territoriaux", "local government staff"),
    ("agents_etat", "agents de l'État", "State staff"),
    ("consultants", "consultant·es, indépendant·es", "consultants, freelancers"),
    ("associations", "associations, bénévoles", "associations, volunteers"),
    ("travail_social", "travailleurs sociaux, centres sociaux", "social workers, social centres"),
    ("etudiants", "étudiant·es", "students"),
    ("chercheurs", "chercheur·es", "researchers"),
    ("habitants", "habitant·es, citoyen·nes", "residents, citizens"),
    ("entreprises", "entreprises, maîtres d'ouvrage", "companies, project owners"),
    ("tout_public", "tout public", "everybody"),
];

pub const LEVELS: Options = &[
    ("initiation", "initiation", "beginner"),
    ("approfondissement", "approfondissement", "intermediate"),
    ("expert", "expert", "expert"),
];

pub const QUALIFICATIONS: Options = &[
    ("sans", "sans niveau", "no level"),
    ("n1", "niveau 1", "level 1"),
    ("n2", "niveau 2", "level 2"),
    ("n3", "niveau 3 (CAP)", "level 3"),
    ("n4", "niveau 4 (bac)", "level 4"),
    ("n5", "niveau 5 (bac+2)", "level 5"),
    ("n6", "niveau 6 (licence)", "level 6 (bachelor)"),
    ("n7", "niveau 7 (master)", "level 7 (master)"),
    ("n8", "niveau 8 (doctorat)", "level 8 (doctorate)"),
];

pub const FORMATS: Options = &[
    ("presentiel", "présentiel", "in person"),
    ("distanciel", "distanciel", "remote"),
    ("distanciel_synchrone", "distanciel (synchrone)", "remote (live)"),
    ("distanciel_asynchrone", "distanciel (asynchrone)", "remote (at one's own pace)"),
    ("hybride", "hybride", "blended"),
    ("inconnu", "inconnu", "unknown"),
];

pub const SETTINGS: Options = &[
    ("inter", "inter", "open to all bodies"),
    ("intra", "intra", "in-house"),
    ("sur_mesure", "sur mesure", "tailored"),
    ("afest", "AFEST", "on-the-job (AFEST)"),
];

pub const ENTRIES: Options = &[
    ("dates_fixes", "dates fixes", "fixed dates"),
    ("permanentes", "permanentes", "at any time"),
    ("a_la_demande", "à la demande", "on demand"),
    ("inconnu", "inconnu", "unknown"),
];

pub const LANGUAGES: Options = &[
    ("fr", "français", "French"),
    ("en", "anglais", "English"),
    ("de", "allemand", "German"),
    ("nl", "néerlandais", "Dutch"),
    ("it", "italien", "Italian"),
    ("es", "espagnol", "Spanish"),
    ("pt", "portugais", "Portuguese"),
    ("br", "breton", "Breton"),
    ("lsf", "langue des signes française", "French sign language"),
];

pub const PRICES: Options = &[
    ("payant", "payant", "paid"),
    ("gratuit", "gratuit", "free"),
    ("sur_devis", "sur devis", "on request"),
    ("prix_libre", "prix libre", "pay what you can"),
    ("inclus", "inclus (cotisation CNFPT, adhésion)", "included (CNFPT or membership fee)"),
    ("inconnu", "inconnu", "unknown"),
];

pub const FUNDING: Options = &[
    ("cpf", "CPF", "CPF (personal training account)"),
    ("opco", "OPCO", "OPCO (skills operator)"),
    ("plan_competences", "plan de développement des compétences", "employer's training plan"),
    ("dif_elus", "DIF élus", "DIF for elected people"),
    ("cnfpt", "CNFPT", "CNFPT"),
    ("france_travail", "France Travail", "France Travail (job centre)"),
    ("region", "Région", "Region"),
    ("fonds_propres", "fonds propres", "own funds"),
    ("autre", "autre", "other"),
];

pub const YES_NO_UNKNOWN: Options =
    &[("oui", "oui", "yes"), ("non", "non", "no"), ("inconnu", "inconnu", "unknown")];

pub const CERTIFICATIONS: Options = &[
    ("aucune", "aucune (attestation)", "none (attendance only)"),
    ("rncp", "RNCP", "RNCP"),
    ("rs", "RS", "RS"),
    ("diplome_national", "diplôme national", "national degree"),
    ("du_diu", "DU, DIU", "university diploma"),
    ("certificat_etablissement", "certificat d'établissement", "certificate of the school"),
    ("blocs_rncp", "blocs RNCP", "RNCP blocks"),
    ("inconnu", "inconnu", "unknown"),
];

pub const ACCESS: Options = &[
    ("oui", "oui", "yes"),
    ("sur_demande", "sur demande", "on request"),
    ("non", "non", "no"),
    ("inconnu", "inconnu", "unknown"),
];

pub const ICPC_LINKS: Options = &[
    ("portee", "portée par l'ICPC", "by ICPC itself"),
    ("membre", "par un·e membre", "by a member"),
    ("externe", "externe", "external"),
];

/// The ids are those of [`crate::offer::Status`].
pub const STATES: Options = &[
    ("brouillon", "brouillon", "draft"),
    ("a_verifier", "à vérifier", "to be checked"),
    ("publiee", "publiée", "published"),
    ("a_mettre_a_jour", "à mettre à jour", "to be updated"),
    ("archivee", "archivée", "archived"),
];
