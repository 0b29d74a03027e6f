/**
 * Other usual words for the options of the default columns. The mirror of `domain::offer::words`: a word goes here
 * only if it means the option and nothing else. Both are held to `fixtures/readings/columns.json`.
 */

/** Words by the option they name. */
export type Aliases = Readonly<Record<string, readonly string[]>>;

const TYPES: Aliases = {
  formation_courte: ["courte", "courtes", "stage", "stage court", "formation continue courte"],
  formation_longue: ["longue", "longues", "parcours long", "formation qualifiante"],
  diplome_universitaire: [
    "DU",
    "DIU",
    "D.U.",
    "diplôme d'université",
    "diplômes universitaires",
    "DU/DIU",
    "certificat universitaire",
    "diplômes universitaires et certificats",
  ],
  master_licence: [
    "master",
    "M1",
    "M2",
    "licence",
    "licence professionnelle",
    "master/licence",
    "masters et licences",
    "formation universitaire",
  ],
  mooc: [
    "MOOC",
    "MOOC/en ligne",
    "en ligne",
    "formation en ligne",
    "cours en ligne",
    "MOOC et formations en ligne",
  ],
  atelier_webinaire: ["atelier", "webinaire", "atelier/webinaire", "webinar", "ateliers et webinaires"],
  auto_formation: ["autoformation", "auto formation"],
  formation_action: ["formation-action", "formation action", "formation-action/intra"],
  ecole_ete_colloque: [
    "école d'été",
    "école d'hiver",
    "colloque",
    "école d'été/colloque",
    "université d'été",
  ],
  autre: ["autres", "divers"],
};

const THEMES: Aliases = {
  participation_citoyenne: [
    "participation",
    "participation des habitants",
    "participation du public",
    "participation des publics",
    "processus participatif",
    "démarche participative",
    "approche participative",
    "projet participatif",
    "atelier participatif",
    "méthode participative",
  ],
  concertation: ["concertation territoriale", "niveaux de participation"],
  democratie_participative: ["dispositifs de démocratie participative"],
  democratie_locale: ["institutions locales", "décentralisation"],
  dispositifs_participatifs: ["dispositif participatif"],
  ingenierie_concertation: ["ingénierie de la participation"],
  dialogue_territorial: ["dialogue environnemental", "médiation territoriale"],
  mediation_conflits: [
    "médiation",
    "conflit",
    "négociation",
    "gestion des conflits",
    "conflits environnementaux",
    "médiation environnementale",
  ],
  debat_public: ["débat"],
  assemblees_deliberation: ["délibération", "assemblée citoyenne"],
  budget_participatif: ["budgets participatifs"],
  conseils_citoyens: ["conseil citoyen"],
  animation_facilitation: [
    "animation",
    "facilitation",
    "animation de réunion",
    "animation territoriale",
    "facilitation territoriale",
    "dynamique de groupe",
  ],
  cooperation: ["coopération territoriale", "projet collaboratif", "compétences collaboratives"],
  gouvernance_partagee: ["gouvernance"],
  education_populaire: ["éducation permanente"],
  pouvoir_agir: ["pouvoir d'agir", "community organizing", "action collective", "interpellation"],
  mobilisation: ["mobilisation", "mobilisation des acteurs", "aller vers"],
  inclusion: ["inclusion", "genre", "grande pauvreté", "précarité"],
  citoyennete: ["citoyenneté", "engagement"],
  elus: ["élu", "mandat"],
  numerique: ["outils numériques", "numérique"],
  intelligence_artificielle: ["IA"],
  design: ["design des politiques publiques", "co-construction", "co-conception"],
  recherche_participative: ["co-production des savoirs", "croisement des savoirs", "recherche-action"],
  democratie_sante: ["participation des usagers", "démocratie sanitaire"],
  politique_ville: ["renouvellement urbain"],
  urbanisme: [
    "urbanisme",
    "urbanisme participatif",
    "architecture",
    "habitat",
    "ville",
    "ville durable",
    "aménagement durable",
  ],
  eau: ["eau", "gestion de l'eau", "milieux aquatiques"],
  environnement: [
    "environnement",
    "transition",
    "transitions",
    "transition écologique",
    "transition énergétique",
    "énergie citoyenne",
    "développement durable",
    "vivant",
  ],
  developpement_local: [
    "territoires",
    "développement local",
    "développement territorial",
    "ingénierie territoriale",
  ],
  action_publique: ["action publique", "innovation publique"],
};

const AUDIENCES: Aliases = {
  elus: ["élu", "élu local", "élus locaux", "élus référents", "élus et élues"],
  agents_territoriaux: [
    "agent",
    "agent territorial",
    "fonctionnaires territoriaux",
    "collectivités",
    "collectivités locales",
    "collectivités territoriales",
    "agents de collectivités",
    "agents des collectivités",
    "techniciens et ingénieurs de collectivités",
  ],
  agents_etat: ["services de l'État", "fonctionnaires d'État", "agents de l'administration centrale"],
  consultants: ["consultant", "indépendant", "bureaux d'études", "bureau d'études"],
  associations: [
    "association",
    "bénévole",
    "responsables associatifs",
    "membres d'associations",
    "associatifs",
  ],
  travail_social: ["travailleur social", "centre social", "acteurs sociaux"],
  etudiants: ["étudiant"],
  chercheurs: ["chercheur", "doctorant", "postdoctorant"],
  habitants: ["habitant", "citoyen"],
  entreprises: ["entreprise", "maître d'ouvrage", "maîtrise d'ouvrage publique et privée"],
  tout_public: ["tous publics", "tous", "toutes et tous", "tou·te·s", "ouvert à tous", "grand public"],
};

const FORMATS: Aliases = {
  presentiel: ["présentielle", "en présentiel", "en présence", "sur place", "en salle"],
  distanciel: ["à distance", "distance", "en ligne", "FOAD", "e-learning", "distancielle"],
  distanciel_synchrone: [
    "classe virtuelle",
    "visio",
    "visioconférence",
    "zoom",
    "distanciel (classe virtuelle)",
    "webinaire",
  ],
  distanciel_asynchrone: ["asynchrone", "MOOC"],
  hybride: [
    "mixte",
    "blended",
    "présentiel et distanciel",
    "présentiel et à distance",
    "distanciel et présentiel",
    "mixte distanciel/présentiel",
    "mixte présentiel/distanciel",
  ],
};

const LEVELS: Aliases = {
  initiation: ["débutant", "niveau 1", "découverte", "tous niveaux débutants"],
  approfondissement: ["niveau 2", "perfectionnement", "intermédiaire"],
  expert: ["niveau 3", "avancé", "expertise"],
};

const SETTINGS: Aliases = {
  inter: ["inter-entreprises", "interentreprises", "inter-structures"],
  intra: ["intra-entreprise", "intra-structure", "en intra"],
  sur_mesure: ["à la carte", "personnalisé"],
};

const ENTRIES: Aliases = {
  permanentes: ["permanente", "entrées permanentes", "en continu", "toute l'année", "permanent"],
  a_la_demande: ["sur demande"],
  dates_fixes: ["à dates fixes", "date fixe"],
};

const PRICES: Aliases = {
  gratuit: ["gratuite", "offert", "0", "0 €", "sans frais"],
  sur_devis: ["devis", "nous consulter", "nous contacter"],
  prix_libre: ["participation libre", "prix libre et conscient", "libre"],
  payant: ["payante"],
};

const FUNDING: Aliases = {
  cpf: ["compte personnel de formation", "éligible CPF"],
  dif_elus: ["DIF élu", "droit individuel à la formation des élus", "DIFE"],
  france_travail: ["Pôle emploi"],
  plan_competences: ["plan de formation", "plan de développement"],
  region: ["conseil régional"],
};

const YES_NO: Aliases = {
  oui: ["o", "x", "vrai", "true", "1", "éligible", "accessible"],
  non: ["n", "faux", "false", "0", "non éligible"],
};

const CERTIFICATIONS: Aliases = {
  aucune: ["aucune", "attestation", "attestation de formation", "non certifiante"],
  du_diu: ["DU", "DIU", "diplôme d'université", "diplôme universitaire"],
  diplome_national: ["grade de master", "master", "licence", "doctorat"],
  certificat_etablissement: ["certificat", "certificat d'université"],
};

const LANGUAGES: Aliases = {
  fr: ["fr", "fra"],
  en: ["en", "eng"],
  de: ["de"],
  nl: ["nl"],
};

const STATES: Aliases = {
  publiee: ["publié", "en ligne", "ok"],
  archivee: ["archivé"],
  a_verifier: ["à revoir", "à confirmer"],
};

const OF_COLUMN: Readonly<Record<string, Aliases>> = {
  type: TYPES,
  themes: THEMES,
  publics: AUDIENCES,
  modalite: FORMATS,
  niveau: LEVELS,
  cadre: SETTINGS,
  entrees: ENTRIES,
  tarif_type: PRICES,
  financements: FUNDING,
  cpf: YES_NO,
  accessibilite: YES_NO,
  certification_type: CERTIFICATIONS,
  langue: LANGUAGES,
  etat: STATES,
};

/** The usual words of a column. */
export const aliasesOf = (column: string): Aliases => OF_COLUMN[column] ?? {};
