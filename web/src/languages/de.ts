/** German. */

import { german as signIn } from "../sign-in/texts/de";
import type { Texts } from "./en";

const number = (count: number) => count.toLocaleString("de");
const many = (count: number, one: string, more: string) => (count === 1 ? `1 ${one}` : `${number(count)} ${more}`);

const german: Texts = {
  direction: "ltr",
  signIn,

  app: {
    name: "Uploads",
    signedInAs: "Angemeldet als",
    signOut: "Abmelden",
    signedOut: "Sie sind abgemeldet.",
    sessionEnded: "Ihre Sitzung ist beendet. Melden Sie sich wieder an.",
    looking: "Einen Moment…",
    noConnection: "Keine Verbindung",
    tryAgain: "Noch einmal versuchen",
    offline: "Sie sind offline. Uploads gehen von selbst weiter, sobald das Netz wieder da ist.",
    localCloud: "Dies ist die lokale Cloud: Nachrichten werden nicht wirklich verschickt. Die Codes zeigt:",
    lostConnection: "Die Verbindung ist abgebrochen. Prüfen Sie das Netz und versuchen Sie es noch einmal.",
  },

  setup: {
    title: "Diese Seite ist noch nicht eingerichtet",
    what: "Sie weiß nicht, zu welchem Stack sie gehört. Legen Sie im Ordner ihrer stack.yaml den Stack an, und schreiben Sie seine Ausgaben für die Seite:",
    local: "Ohne AWS-Konto: --local an beide Befehle anhängen; dann gilt eine lokale Cloud auf diesem Rechner. Eine gebaute Seite muss danach neu gebaut werden.",
    missing: (names) => `Es fehlt: ${names}.`,
  },

  places: {
    failed: (why) => `Ihre Ordner lassen sich nicht anzeigen. ${why}`,
    label: "Ordner",
    own: "Meine Dateien",
    all: (name) => `Alles in ${name}`,
    viewOnly: "Nur ansehen",
    uploadOnly: "Nur hochladen",
  },

  zone: {
    title: "Dateien hochladen",
    choose: "Dateien auswählen",
    input: "Dateien zum Hochladen",
    invite: "Dateien irgendwo auf dieser Seite ablegen",
    pasteToo: "Ein Bildschirmfoto lässt sich auch einfügen.",
    over: "Loslassen zum Hochladen",
    overInto: (folder) => `nach ${folder}`,
    limits: (size, types) => (types ? `Je Datei bis ${size}. Nur ${types}.` : `Je Datei bis ${size}.`),
    kinds: { image: "Bilder", video: "Videos", audio: "Audio", text: "Text", "text/plain": "einfacher Text", "application/octet-stream": "Dateien unbekannter Art" },
  },

  list: {
    label: "Dateien",
    reading: "Die Liste wird gelesen…",
    readMore: (count) => `Bisher ${many(count, "Datei", "Dateien")}…`,
    cut: "Es gibt mehr Dateien, als diese Liste fasst.",
    empty: "Hier ist noch nichts.",
    emptyOwn: "Was Sie hochladen, erscheint hier; nur Sie sehen es.",
    emptyShared: "Was die Mitglieder hochladen, erscheint hier.",
    emptyViewOnly: "Sie können diesen Ordner ansehen, aber nichts hochladen.",
    uploadOnly: "Was Sie hier hochladen, wird nicht aufgelistet.",
    noMatch: (words) => `Keine Datei hat „${words}“ im Namen.`,
    search: "Suchen",
    refresh: "Neu laden",
    count: (count) => many(count, "Datei", "Dateien"),
    found: (found, all) => `${number(found)} von ${all === 1 ? "1 Datei" : `${number(all)} Dateien`}`,
    columns: { name: "Name", size: "Größe", changed: "Datum" },
    select: (name) => `${name} auswählen`,
    selectAll: "Alle Dateien auswählen",
    selected: (count) => `${number(count)} ausgewählt`,
    clearSelection: "Auswahl aufheben",
    bulkDownload: "Herunterladen",
    bulkRemove: "Löschen",
    open: (name) => `${name} öffnen`,
    download: (name) => `${name} herunterladen`,
    copy: (name) => `Link zu ${name} kopieren`,
    remove: (name) => `${name} löschen`,
    failed: "Die Liste lässt sich nicht anzeigen",
  },

  upload: {
    waiting: "wartet",
    starting: "beginnt",
    noNetwork: "wartet auf das Netz",
    finishing: "wird abgeschlossen",
    paused: "angehalten",
    uploaded: "hochgeladen",
    progress: (name) => `Fortschritt von ${name}`,
    pause: (name) => `${name} anhalten`,
    resume: (name) => `${name} fortsetzen`,
    cancel: (name) => `${name} abbrechen`,
    retry: (name) => `${name} noch einmal versuchen`,
    dismiss: (name) => `${name} aus dieser Liste nehmen`,
    share: (sent, all, percent) => `${sent} von ${all}, ${percent}`,
    log: "Was aus den Uploads wurde",
    arrived: (name) => `${name} ist hochgeladen.`,
    failed: (name, why) => `${name}: ${why}`,
    toGo: (count) => `Noch ${many(count, "Datei", "Dateien")}.`,
  },

  problems: {
    title: (count) => (count === 1 ? "1 Upload ist fehlgeschlagen" : `${number(count)} Uploads sind fehlgeschlagen`),
    retryAll: "Alle noch einmal",
    dismissAll: "Alle ausblenden",
    retry: "Noch einmal",
    more: (count) => `${number(count)} weitere zeigen`,
  },

  unfinished: {
    title: "Unterbrochene Uploads",
    hint: "Mit derselben Datei wird nur gesendet, was noch fehlt.",
    begun: (share) => `${share}, begonnen`,
    resume: "Fortsetzen",
    choose: "Datei noch einmal auswählen",
    resumeOf: (name) => `${name} fortsetzen`,
    chooseOf: (name) => `Datei noch einmal auswählen: ${name}`,
  },

  dock: {
    label: "Uploads",
    count: (done, all) => `${number(done)} von ${number(all)}`,
    allDone: (count) => `${many(count, "Datei", "Dateien")} hochgeladen`,
    failed: (count) => `${number(count)} fehlgeschlagen`,
    paused: (count) => `${number(count)} angehalten`,
    left: {
      seconds: (count) => `noch ${count} s`,
      minutes: (count) => `noch ${count} min`,
      hours: (count) => `noch ${count} h`,
    },
    speed: (size) => `${size}/s`,
    progress: "Fortschritt aller Uploads",
    pauseAll: "Alle anhalten",
    resumeAll: "Alle fortsetzen",
    cancelAll: "Alle abbrechen",
    retryFailed: "Fehlgeschlagene noch einmal",
    close: "Schließen",
  },

  toasts: {
    label: "Meldungen",
    close: "Meldung schließen",
    undo: "Rückgängig",
    cancelled: (name) => `${name} ist abgebrochen.`,
    cancelledMany: (count) => `${many(count, "Upload ist", "Uploads sind")} abgebrochen.`,
    removed: (name) => `${name} ist gelöscht.`,
    removedMany: (count) => `${many(count, "Datei ist", "Dateien sind")} gelöscht.`,
    kept: (name) => `${name} ist wieder da.`,
    keptMany: (count) => `${many(count, "Datei ist", "Dateien sind")} wieder da.`,
    notRemoved: (count, why) => `${many(count, "Datei wurde", "Dateien wurden")} nicht gelöscht. ${why}`,
    copied: (name, lifetime) => `Der Link zu ${name} ist kopiert. Wer ihn hat, kann die Datei ${lifetime} lang herunterladen.`,
    notCopied: "Der Browser hat das Kopieren des Links nicht erlaubt.",
    downloading: (count) => `${many(count, "Download", "Downloads")} begonnen.`,
    lifetime: {
      seconds: (count) => many(count, "Sekunde", "Sekunden"),
      minutes: (count) => many(count, "Minute", "Minuten"),
    },
  },

  question: {
    title: (count) => `${many(count, "Datei", "Dateien")} löschen?`,
    gone: "Sie sind dann endgültig weg. Bei so vielen gibt es kein „Rückgängig“.",
    keep: "Behalten",
    remove: "Löschen",
    removing: (done, all) => `${number(done)} von ${number(all)} gelöscht…`,
  },

  preview: {
    close: "Schließen",
    previous: "Vorherige Datei",
    next: "Nächste Datei",
    loading: "Wird geladen…",
    none: "Für diese Art von Datei gibt es keine Vorschau.",
    tooLarge: "Diese Datei ist zu groß für eine Vorschau.",
    failed: "Diese Datei lässt sich nicht anzeigen.",
    cut: "Nur der Anfang wird gezeigt.",
    download: "Herunterladen",
    copy: "Link kopieren",
    remove: "Löschen",
  },

  refusal: {
    signedOut: "Sie sind abgemeldet. Melden Sie sich wieder an, und versuchen Sie es noch einmal.",
    unreachable: "Die Verbindung ist abgebrochen, oder der Server ist nicht erreichbar. Prüfen Sie das Netz, und versuchen Sie es noch einmal.",
    offline: "Sie sind offline. Versuchen Sie es noch einmal, sobald Sie verbunden sind.",
    tooLarge: (size) => (size ? `Diese Datei ist zu groß (${size})` : "Diese Datei ist zu groß"),
    tooLargeMost: (what, most) => `${what}: erlaubt sind höchstens ${most}.`,
    type: (type) => (type ? `Dateien dieser Art (${type}) sind nicht erlaubt` : "Dateien dieser Art sind nicht erlaubt"),
    typesAllowed: (what, types) => `${what}. Erlaubt: ${types}.`,
    expired: "Der Link für diesen Upload lief ab, bevor die Datei ankam. Ein neuer Versuch bekommt einen neuen.",
    notAllowed: "Das ist hier nicht erlaubt",
    gone: "Der Bucket hat die gesendeten Teile nicht mehr. Ein neuer Versuch sendet die Datei noch einmal.",
    thereAlready: "Der Bucket hat diese Datei schon.",
    anotherFile: "Das ist eine andere Datei, oder sie wurde geändert. Wählen Sie die Datei, die hochgeladen wurde.",
    elsewhere: "Ein anderer Tab dieses Browsers lädt diese Datei hoch.",
    notFound: "Diese Datei gibt es nicht mehr.",
    noSuchRoute: "Der Endpunkt kennt diese Anfrage nicht. Die Verwaltung dieser Seite muss den Stack neu anwenden.",
    busy: "Zurzeit sind es zu viele Anfragen. Versuchen Sie es in einigen Sekunden noch einmal.",
    unreadable: "Diese Datei lässt sich nicht lesen: Sie wurde verschoben oder geändert, oder sie ist ein Ordner. Wählen Sie sie noch einmal.",
    refused: "Das wurde abgelehnt",
    broken: "Auf dem Server ist etwas kaputt",
  },

  bytes: (count) => many(count, "Byte", "Bytes"),
};

export default german;
