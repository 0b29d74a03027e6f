/**
 * The French texts of what opens only when it is asked for (`panels/asked.ts`): they come with it, so that the table
 * is there sooner. English has its texts in one file, which is loaded only for who reads English.
 */
export const frAsked = {
  // What was refused.
  "refused.intro":
    "Elles ne sont pas dans la table. Proposées, un pilote les verra et décidera. Gardées de côté, elles restent sur cet appareil.",
  "refused.copy": "Copier",
  "refused.copyAll": "Tout copier",
  "refused.copied": "Copié",
  "refused.forgetOne": "L’oublier",
  "refused.forgetAll": "Tout oublier",
  "refused.nothing": "(vide)",
  "refused.bin": "mettre à la corbeille",
  "refused.restore": "sortir de la corbeille",
  "refused.addRow": "ajouter une ligne",
  "refused.move": "déplacer la ligne",

  // What others did to what I did.
  "refused.proposeOne": "La proposer",
  "refused.forget.ask": {
    one: "Oublier {n} modification ? Vos mots seront effacés de cet appareil.",
    other: "Oublier {n} modifications ? Vos mots seront effacés de cet appareil.",
  },
  "refused.proposed": {
    one: "{n} modification proposée aux pilotes.",
    other: "{n} modifications proposées aux pilotes.",
  },
  "refused.propose.offline":
    "Hors ligne : vos modifications restent de côté sur cet appareil. Proposez-les une fois la connexion revenue.",
  "refused.propose.login":
    "Votre connexion est terminée : vos modifications restent de côté sur cet appareil. Reconnectez-vous, puis proposez-les.",
  "refused.propose.refused":
    "Le serveur n’a pas pris ces propositions : elles restent de côté. Copiez-les, et prévenez un pilote.",
  "overtaken.title": "Modifications remplacées",
  "overtaken.intro":
    "Vous avez écrit au même moment, et une cellule ne garde qu’une valeur. La vôtre n’est pas perdue : vous pouvez la reprendre.",
  "absence.title": "Pendant votre absence",
  "absence.intro":
    "Vous et d’autres avez modifié les mêmes cellules. Voici les deux valeurs, et ce que dit la table maintenant.",
  "differences.mine": "La vôtre",
  "differences.theirs": "Celle de quelqu’un d’autre",
  "differences.theirs.by": "Celle de {name}",
  "differences.now": "Dans la table",
  "differences.merged": "Les deux réunies, dans la table",
  "differences.inTable": "dans la table",
  "differences.inBin": "dans la corbeille",
  "differences.take": "Reprendre la mienne",
  "differences.taken": "La vôtre est dans la table.",
  "wentBack.title": "Le serveur est revenu en arrière",
  "wentBack.intro":
    "Une sauvegarde plus ancienne a sans doute été remise en place. Que faire des cellules que cet appareil a gardées ? Remises, elles sont écrites à nouveau en votre nom. Sinon elles vont de côté, et vous pourrez les proposer aux pilotes.",
  "wentBack.mine": "Sur cet appareil",
  "wentBack.theirs": "Sur le serveur",
  "wentBack.keepMine": "Remettre ce que cet appareil a gardé",
  "wentBack.keepServer": "Garder l’état du serveur",
  "wentBack.later": "Décider plus tard",

  // The bin.
  "bin.title": "Corbeille",
  "bin.empty": "La corbeille est vide.",
  "bin.intro": "Les lignes restent ici 90 jours.",
  "bin.restore": "Remettre dans la table",
  "bin.restoreRow": "Remettre dans la table : {row}",
  "bin.pilotsOnly": "Les pilotes peuvent remettre une ligne dans la table.",

  // One row, all its fields.
  "row.title": "Fiche",
  "row.close": "Fermer la fiche",
  "row.bin": "Mettre à la corbeille",
  "row.binned": "Cette ligne est dans la corbeille.",
  "row.restore": "Remettre dans la table",
  "row.gone": "Cette ligne n’est plus dans la table.",
  "row.said": "Écrit par la personne : « {words} »",
  "row.readOnly": "Réservé aux pilotes",
  "row.otherSection": "Autres champs",
  "row.history": "Historique",
  "section.essentiel": "L’essentiel",
  "section.pedagogie": "Contenu et pédagogie",
  "section.public": "Public et niveau",
  "section.deroulement": "Déroulement",
  "section.tarif": "Tarif et financement",
  "section.certification": "Certification",
  "section.contact": "Page et contact",
  "section.suivi": "Suivi",
  "row.editing": "{name} modifie ce champ",
  "row.text.refused": "Ce texte ne peut pas être modifié : {reason}.",
  "row.url.open": "Ouvrir le lien",
  "row.choice.none": "(aucun choix)",
  "row.choice.unknown": "{id} (option inconnue)",

  // Words for values.
  "value.yes": "oui",
  "value.no": "non",
  "value.unknown": "non précisé",

  // The list of keys.
  "shortcuts.title": "Raccourcis clavier",
  "shortcuts.close": "Fermer",
  "shortcuts.keys": "Touches",
  "shortcuts.does": "Action",

  // What became of a cell or a row.
  "history.cell": "Historique de la cellule",
  "history.row": "Historique de la ligne",
  "history.close": "Fermer l’historique",
  "history.back": "Revenir à la fiche",
  "history.field": "Champ",
  "history.wholeRow": "Toute la ligne",
  "history.loading": "Chargement de l’historique…",
  "history.count": { one: "{n} modification", other: "{n} modifications" },
  "history.latest": { one: "La dernière modification", other: "Les {n} dernières modifications" },
  "history.none.cell": "Rien n’a changé ici depuis que la ligne est dans la table.",
  "history.none.row": "Rien n’a changé dans cette ligne depuis qu’elle est dans la table.",
  "history.older": "Voir les plus anciennes",
  "history.page": "Ouvrir la page de l’historique",
  "history.retry": "Réessayer",
  "history.program": "Le programme",
  "history.via.import": "par un import",
  "history.via.restore": "en rétablissant",
  "history.via.command": "par une commande de l’administration",
  "history.empty": "(vide)",
  "history.gone": "retiré :",
  "history.come": "ajouté :",
  "history.lost": "Cette valeur n’a pas été retenue : une autre a été écrite au même moment.",
  "history.same": "Modifiée, puis remise comme avant.",
  "history.standing": "Valeur actuelle",
  "history.start": "Au départ",
  "history.putBack": "Rétablir cette valeur",
  "history.putBack.before": "Rétablir la valeur d’avant",
  "history.putBack.done": "Valeur rétablie : {words}. Ctrl+Z revient dessus.",
  "history.putBack.undone": "C’est annulé.",
  "history.said": "{column}, dans les mots de la personne",
  "history.rowMade": "Ligne ajoutée",
  "history.rowBinned": "Ligne mise à la corbeille",
  "history.rowBack": "Ligne sortie de la corbeille",
  "history.rowMoved": "Ligne déplacée",
  "history.problem.offline":
    "Hors ligne : l’historique est sur le serveur. Il s’affichera dès que la connexion sera là.",
  "history.problem.signed-out": "Votre connexion est terminée : reconnectez-vous pour voir l’historique.",
  "history.problem.forbidden": "L’historique est réservé aux membres.",
  "history.problem.gone": "Le serveur ne connaît pas encore cette ligne : elle n’est pas enregistrée.",
  "history.problem.busy": "Le serveur est très occupé. Réessayez dans un instant.",
  "history.problem.broken":
    "L’historique n’a pas pu être lu. Réessayez dans un instant ; si cela dure, prévenez un pilote.",
  "restore.row": "Rétablir la ligne à ce moment",
  "restore.row.ask": "Rétablir la ligne telle qu’elle était {when} ?",
  "restore.row.will": {
    one: "{n} cellule changera dans « {row} ». On pourra revenir dessus : l’historique garde tout.",
    other: "{n} cellules changeront dans « {row} ». On pourra revenir dessus : l’historique garde tout.",
  },
  "restore.row.kept": {
    one: "{n} cellule restera telle quelle : {places}.",
    other: "{n} cellules resteront telles quelles : {places}.",
  },
  "restore.row.same": "La ligne est déjà ainsi : il n’y a rien à rétablir.",
  "restore.row.yes": "Rétablir la ligne",
  "restore.no": "Ne rien faire",
  "restore.done": { one: "Rétabli : {n} cellule.", other: "Rétabli : {n} cellules." },
  "restore.undo": "Annuler",
  "restore.undone": {
    one: "Annulé : {n} cellule a repris sa valeur.",
    other: "Annulé : {n} cellules ont repris leur valeur.",
  },
  "restore.undone.kept": {
    one: "{n} cellule, modifiée depuis, est restée.",
    other: "{n} cellules, modifiées depuis, sont restées.",
  },
  "restore.problem.offline":
    "Le serveur ne répond pas. Une fois la connexion revenue, regardez dans l’historique si c’est fait, puis réessayez.",
  "restore.problem.signed-out":
    "Votre connexion est terminée : reconnectez-vous, puis réessayez. Rien n’a changé.",
  "restore.problem.forbidden": "Seuls les pilotes rétablissent une ligne. Rien n’a changé.",
  "restore.problem.gone":
    "Le serveur n’a pas gardé ce moment de la ligne. Rien n’a changé ; vous pouvez rétablir les valeurs une à une.",
  "restore.problem.busy": "Le serveur est très occupé. Rien n’a changé ; réessayez dans un instant.",
  "restore.problem.broken":
    "Le serveur n’a pas pu rétablir la ligne. Regardez dans l’historique ce qu’il en est ; si cela dure, prévenez l’administration.",

  // The grid: what a person can do.
  "grid.section.move": "Se déplacer",
  "grid.section.select": "Sélectionner",
  "grid.section.edit": "Modifier",
  "grid.section.clipboard": "Copier et coller",
  "grid.section.rows": "Lignes",
  "grid.section.view": "Voir",
  "grid.section.help": "Aide",
} as const;
