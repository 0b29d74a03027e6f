/** Names that are no towns. The mirror of `domain::reading::place::known`; departments by the code of INSEE. */
const COUNTRIES: Readonly<Record<string, string>> = {
  france: "FR",
  belgique: "BE",
  wallonie: "BE",
  suisse: "CH",
  quebec: "CA",
  canada: "CA",
  luxembourg: "LU",
  maroc: "MA",
  tunisie: "TN",
  senegal: "SN",
};

/** The code of a country that a folded name means. */
export const country = (folded: string): string | null =>
  Object.hasOwn(COUNTRIES, folded) ? (COUNTRIES[folded] ?? null) : null;

/** Parts of a country that are named in its place. */
export const isProvince = (folded: string): boolean => folded === "quebec" || folded === "wallonie";

const LIVE = [
  "visio",
  "visioconference",
  "en visio",
  "en visioconference",
  "zoom",
  "teams",
  "classe virtuelle",
  "classes virtuelles",
  "webinaire",
  "par zoom",
];
const REMOTE = [
  "en ligne",
  "distanciel",
  "a distance",
  "en distanciel",
  "distance",
  "foad",
  "e-learning",
  "elearning",
  "internet",
  "online",
];

/** The format that words for being remote mean. */
export function remote(folded: string): "distanciel_synchrone" | "distanciel" | null {
  if (LIVE.includes(folded)) return "distanciel_synchrone";
  return REMOTE.includes(folded) ? "distanciel" : null;
}

/** Words for being in a room, which name no place. */
export const inRoom = (folded: string): boolean =>
  ["presentiel", "en presentiel", "sur place"].includes(folded);

const EVERYWHERE = [
  "partout en france",
  "national",
  "itinerant",
  "itinerante",
  "france entiere",
  "toute la france",
  "quatre coins de la france",
  "aux quatre coins de la france",
  "partout",
  "dans toute la france",
];

/** Words for the whole country. */
export const isEverywhere = (folded: string): boolean => EVERYWHERE.includes(folded);

const REGIONS = new Set(
  (
    "auvergne-rhone-alpes bourgogne-franche-comte bretagne centre-val-de-loire corse grand-est " +
    "hauts-de-france ile-de-france normandie nouvelle-aquitaine occitanie pays-de-la-loire " +
    "provence-alpes-cote-d'azur paca rhone-alpes aura idf"
  ).split(" "),
);

/** Whether the folded name is a region of France. */
export const isRegion = (folded: string): boolean => REGIONS.has(folded.replaceAll(" ", "-"));

const SMALL = new Set("le la les l d de du des en sur sous et aux au a lez pres saint st ste".split(" "));

/** Small words inside names of towns. */
export const isSmall = (word: string): boolean => SMALL.has(word);

const INSTITUTIONS = new Set(
  (
    "centre centres faculte universite ecole lycee college campus institut maison mairie salle " +
    "rue avenue avn av boulevard bd place quai chemin espace mjc association region departement " +
    "metropole agglomeration locaux siege hotel theatre bibliotheque mediatheque tiers lieu " +
    "lieux proche environs alentours secteur partout national drac cvrh gare ateliers atelier " +
    "ferme domaine chateau abbaye session sessions france dates selon plusieurs divers diverses " +
    "voir chez dans autour cite immeuble"
  ).split(" "),
);

/** Words of institutions, streets and other places inside a town, or near one. */
export const isInstitution = (word: string): boolean => INSTITUTIONS.has(word);

/** `38`, `2A`, `974`. */
export const isDepartmentCode = (words: string): boolean =>
  /^(?:0[1-9]|1\d|2[1-9]|[3-8]\d|9[0-5]|2[ABab]|97[12346])$/.test(words);

// By number from 01 to 95 without 75 (Paris is left to the town), then overseas.
const DEPARTMENTS = new Map(
  (
    "ain=01 aisne=02 allier=03 alpes-de-haute-provence=04 hautes-alpes=05 alpes-maritimes=06 " +
    "ardeche=07 ardennes=08 ariege=09 aube=10 aude=11 aveyron=12 bouches-du-rhone=13 calvados=14 " +
    "cantal=15 charente=16 charente-maritime=17 cher=18 correze=19 corse-du-sud=2A " +
    "haute-corse=2B cote-d'or=21 cotes-d'armor=22 creuse=23 dordogne=24 doubs=25 drome=26 " +
    "eure=27 eure-et-loir=28 finistere=29 gard=30 haute-garonne=31 gers=32 gironde=33 herault=34 " +
    "ille-et-vilaine=35 indre=36 indre-et-loire=37 isere=38 jura=39 landes=40 loir-et-cher=41 " +
    "loire=42 haute-loire=43 loire-atlantique=44 loiret=45 lot=46 lot-et-garonne=47 lozere=48 " +
    "maine-et-loire=49 manche=50 marne=51 haute-marne=52 mayenne=53 meurthe-et-moselle=54 " +
    "meuse=55 morbihan=56 moselle=57 nievre=58 nord=59 oise=60 orne=61 pas-de-calais=62 " +
    "puy-de-dome=63 pyrenees-atlantiques=64 hautes-pyrenees=65 pyrenees-orientales=66 " +
    "bas-rhin=67 haut-rhin=68 rhone=69 haute-saone=70 saone-et-loire=71 sarthe=72 savoie=73 " +
    "haute-savoie=74 seine-maritime=76 seine-et-marne=77 yvelines=78 deux-sevres=79 somme=80 " +
    "tarn=81 tarn-et-garonne=82 var=83 vaucluse=84 vendee=85 vienne=86 haute-vienne=87 vosges=88 " +
    "yonne=89 territoire-de-belfort=90 essonne=91 hauts-de-seine=92 seine-saint-denis=93 " +
    "val-de-marne=94 val-d'oise=95 guadeloupe=971 martinique=972 guyane=973 la-reunion=974 " +
    "mayotte=976"
  )
    .split(" ")
    .map((entry) => entry.split("=") as [name: string, code: string]),
);

/** The code of the department that a folded name means. */
export const department = (folded: string): string | null =>
  DEPARTMENTS.get(folded.replaceAll(" ", "-")) ?? null;
