/** The texts of the live table in French: the first language, and the list of keys. Sorted by where they are read. */
export const fr = {
  // What becomes of the edits.
  "state.saved": "Enregistré",
  "state.saving": "Enregistrement…",
  "state.offline": "Hors ligne",
  "state.offline.kept": {
    one: "Hors ligne : {n} modification gardée sur cet appareil",
    other: "Hors ligne : {n} modifications gardées sur cet appareil",
  },
  "state.offline.unkept": {
    one: "Hors ligne : {n} modification, perdue si vous fermez cette page",
    other: "Hors ligne : {n} modifications, perdues si vous fermez cette page",
  },
  "state.connecting": "Reconnexion…",
  "state.opening": "Connexion…",
  "state.syncing": "Mise à jour…",
  "state.ended.login": "Connexion terminée : reconnectez-vous, rien n’est perdu",
  "state.ended.login.unkept":
    "Connexion terminée : copiez vos dernières modifications avant de vous reconnecter",
  "state.ended.role": "Vous n’avez plus accès à cette table",
  "state.signIn": "Se reconnecter",
  "state.device.absent":
    "Ce navigateur ne garde rien sur cet appareil : hors ligne, vos modifications ne survivraient pas à la fermeture de la page.",

  // What was refused.
  "refused.count": { one: "{n} modification non autorisée", other: "{n} modifications non autorisées" },
  "refused.forget": "Oublier",
  "refused.reason.not-own-row": "cette ligne est à quelqu’un d’autre",
  "refused.reason.pilots-only": "réservé aux pilotes",
  "refused.reason.server-only": "réservé au serveur",
  "refused.reason.rows-stay": "une ligne ne s’efface pas, elle se met à la corbeille",
  "refused.reason.no-such-column": "cette colonne n’est plus utilisée",
  "refused.reason.too-large": "trop long",
  "refused.reason.writer-quota": "trop d’onglets ouverts aujourd’hui",
  "refused.reason.gone": "la ligne n’existe pas dans la table",
  "refused.reason.no-role": "vous n’avez plus de rôle dans la table",
  "refused.reason.went-back": "le serveur était revenu à un état plus ancien",
  "refused.reason.other": "refusé par le serveur",

  // What others did to what I did.
  "matters.label": "À décider",
  "refused.ask": {
    one: "{n} modification non autorisée : la proposer aux pilotes ?",
    other: "{n} modifications non autorisées : les proposer aux pilotes ?",
  },
  "refused.propose": "Proposer aux pilotes",
  "refused.keep": "Garder de côté",
  "absence.ask": {
    one: "Pendant votre absence, {n} cellule que vous avez modifiée l’a aussi été par d’autres.",
    other: "Pendant votre absence, {n} cellules que vous avez modifiées l’ont aussi été par d’autres.",
  },
  "absence.see": "Comparer",
  "absence.dismiss": "Laisser ainsi",
  "wentBack.ask":
    "Le serveur est revenu à un état plus ancien que cet appareil. Rien n’est envoyé avant votre choix.",
  "wentBack.choose": "Choisir…",

  // Above the table.
  "toolbar.label": "Outils de la table",
  "toolbar.addRow": "Ajouter une offre",
  "toolbar.search": "Chercher dans la table",
  "toolbar.search.none": "Aucune ligne ne contient ces mots.",
  "toolbar.search.clear": "Effacer la recherche",
  "toolbar.undo": "Annuler",
  "toolbar.redo": "Rétablir",
  "toolbar.bin": "Corbeille",
  "toolbar.bin.count": "Corbeille ({n})",
  "toolbar.shortcuts": "Raccourcis clavier",
  "toolbar.rows": { one: "{n} ligne", other: "{n} lignes" },
  "toolbar.rows.shown": { one: "{n} ligne sur {all}", other: "{n} lignes sur {all}" },

  // Who is here.
  "presence.label": "Personnes présentes",
  "presence.count": { one: "{n} personne ici", other: "{n} personnes ici" },
  "presence.you": "{name} (vous)",
  "presence.editing": "{name} modifie « {column} »",
  "presence.more": "et {n} de plus",

  // One row, all its fields.
  "row.untitled": "Sans intitulé",
  "table.label": "Table des formations",

  // First moments and dead ends.
  "load.waiting": "Ouverture de la table…",
  "load.offline": "Hors ligne. La table s’ouvrira dès que la connexion sera là.",
  "load.failed": "La table n’a pas pu s’ouvrir. Nouvel essai dans un instant.",
  "load.login": "Votre connexion est terminée.",
  "load.nobody":
    "Hors ligne, et personne ne s’est encore connecté ici : connectez-vous une fois avec du réseau, et la table s’ouvrira aussi sans.",
  "load.empty": "La table est vide.",
  "load.empty.add": "Ajouter la première offre",
  "load.broken": "La page n’a pas pu démarrer. Rechargez-la ; rien de ce qui était enregistré n’est perdu.",
  "load.part": "Cette partie de la page n’a pas pu se charger. Réessayez une fois la connexion revenue.",

  // Leaving.
  "leave.signOut.unsaved": {
    one: "{n} modification n’est pas encore enregistrée. Se déconnecter l’efface de cet appareil. Se déconnecter quand même ?",
    other:
      "{n} modifications ne sont pas encore enregistrées. Se déconnecter les efface de cet appareil. Se déconnecter quand même ?",
  },
  "leave.signOut.failed":
    "La déconnexion n’a pas pu se faire : le serveur ne répond pas. Rien n’a été effacé ; réessayez une fois la connexion revenue.",
  "leave.signOut.stay": "Rester",
  "leave.signOut.go": "Se déconnecter et effacer",
  "dialog.close": "Fermer",

  // The grid: what the menu of a cell offers.
  "grid.command.edit": "Modifier la cellule",
  "grid.command.clear": "Vider",
  "grid.command.fillDown": "Recopier vers le bas",
  "grid.command.fillRight": "Recopier vers la droite",
  "grid.command.copy": "Copier",
  "grid.command.cut": "Couper",
  "grid.command.paste": "Coller",
  "grid.command.openRow": "Ouvrir la fiche",
  "grid.command.openHistory": "Historique de la cellule",
  "grid.command.addRow": "Ajouter une ligne dessous",
  "grid.command.binRows": "Mettre à la corbeille",
  "grid.command.openLink": "Ouvrir le lien",

  // The grid: what it says.
  "grid.help":
    "Flèches pour se déplacer, Entrée pour modifier, F6 ou deux fois Échap pour quitter la table, Ctrl+/ pour tous les raccourcis.",
  "grid.menu.label": "Menu de la cellule",
  "grid.empty": "Aucune ligne à montrer.",
  "grid.openRow": "Ouvrir la fiche",
  "grid.openLink": "Ouvrir le lien",
  "grid.said.written": { one: "{n} cellule modifiée.", other: "{n} cellules modifiées." },
  "grid.said.refused": {
    one: "{n} cellule que vous ne pouvez pas modifier est restée telle quelle.",
    other: "{n} cellules que vous ne pouvez pas modifier sont restées telles quelles.",
  },
  "grid.said.rowAdded": "Ligne ajoutée.",
  "grid.said.binned": {
    one: "{n} ligne mise à la corbeille. « Annuler » (Ctrl+Z) l’en ressort.",
    other: "{n} lignes mises à la corbeille. « Annuler » (Ctrl+Z) les en ressort.",
  },
  "grid.said.rowsRefused": {
    one: "{n} ligne qui n’est pas à vous est restée.",
    other: "{n} lignes qui ne sont pas à vous sont restées.",
  },
  "grid.said.nothingToUndo": "Rien à annuler.",
  "grid.said.nothingToRedo": "Rien à rétablir.",
  "grid.said.undone": "Changé : {column}, « {row} ».",
  "grid.said.notWritable": "Vous ne pouvez pas modifier cette cellule.",
  "grid.said.pilotsOnly": "Seuls les pilotes modifient cette colonne.",
  "grid.said.copied": { one: "{n} cellule copiée.", other: "{n} cellules copiées." },
  "grid.said.cut": {
    one: "{n} cellule coupée : elle sera vidée une fois collée.",
    other: "{n} cellules coupées : elles seront vidées une fois collées.",
  },
  "grid.said.reading": "Vos mots seront lus dans un instant.",
  "grid.said.unread": {
    one: "{n} n’a pas été comprise : vos mots sont gardés, à vérifier.",
    other: "{n} n’ont pas été comprises : vos mots sont gardés, à vérifier.",
  },
  "grid.said.tooMuch": "Trop de cellules à la fois : {n}, pour {max} au plus. Rien n’a été fait.",
  "grid.said.pasteByKey": "Ce navigateur ne donne le presse-papiers qu’au clavier : utilisez Ctrl+V.",
  "grid.said.sorted.ascending": "Trié par {column}, croissant.",
  "grid.said.sorted.descending": "Trié par {column}, décroissant.",
  "grid.said.unsorted": "Ordre de la table.",
  "grid.said.found": { one: "{n} ligne trouvée.", other: "{n} lignes trouvées." },
  "grid.said.strayed":
    "Cette ligne ne correspond plus à ce que vous cherchez : elle disparaîtra quand vous la quitterez.",
  "grid.said.rowBinned": "Quelqu’un a mis cette ligne à la corbeille. Ce que vous écrivez y est gardé.",
  "grid.said.rowGone": "La ligne où vous étiez a été mise à la corbeille.",
  "grid.ask.bin": { one: "Mettre {n} ligne à la corbeille ?", other: "Mettre {n} lignes à la corbeille ?" },
  "grid.ask.no": "Ne rien faire",
  "grid.peer.here": "{names} est ici",
  "grid.peer.editing": "{names} modifie",
  "grid.editor.date": "JJ/MM/AAAA, MM/AAAA ou AAAA",
  "grid.editor.number": "Un nombre, en chiffres",
  "grid.editor.choices": "Espace pour cocher, Entrée pour finir",
  "grid.editor.words": "Écrivez avec vos mots",
  "grid.editor.refused": "Le texte n’a pas pu s’ouvrir : {reason}. Vos mots : « {words} »",
  "grid.editor.meanwhile": "Changé entre-temps : {words}",
  "grid.editor.emptied": "Vidé entre-temps",
  "grid.choice.none": "(aucun)",
} as const;
