/** German texts of the sign-in and of the account. */

import type { NameKind } from "../accounts";
import type { SignInTexts } from "./en";

const name: Record<NameKind, string> = {
  "user name": "Benutzername",
  email: "E-Mail-Adresse",
  phone: "Telefonnummer",
  "email or phone": "E-Mail-Adresse oder Telefonnummer",
};

export const german: SignInTexts = {
  name,
  email: "E-Mail-Adresse",
  password: "Passwort",
  newPassword: "Neues Passwort",
  showPassword: "Passwort anzeigen",
  code: "Code",
  back: "Zurück zur Anmeldung",
  newCode: "Neuen Code senden",
  newCodeSent: "Falls ein Konto auf einen Code wartet, ist ein neuer unterwegs.",
  reloaded: "Die Seite wurde neu geladen. Melden Sie sich noch einmal an, dann geht es weiter.",
  saving: "Wird gespeichert…",
  checking: "Wird geprüft…",
  sending: "Wird gesendet…",

  passwordRules: "Es braucht",
  keepsRule: ": vorhanden",
  rules: {
    length: (count) => `mindestens ${count} Zeichen`,
    lowercase: "einen Kleinbuchstaben",
    uppercase: "einen Großbuchstaben",
    digits: "eine Ziffer",
    symbols: "ein Sonderzeichen (etwa - oder !)",
  },
  stillNeeds: (rules) => `Das neue Passwort braucht noch ${rules}.`,

  signIn: {
    title: "Anmelden",
    button: "Anmelden",
    busy: "Anmeldung läuft…",
    forgot: "Passwort vergessen?",
    isNew: "Noch kein Konto?",
    signUp: "Konto anlegen",
  },

  signUp: {
    title: "Konto anlegen",
    button: "Konto anlegen",
    busy: "Wird angelegt…",
    hasAccount: "Sie haben ein Konto?",
    signIn: "Anmelden",
  },

  confirm: {
    title: "E-Mail-Adresse bestätigen",
    intro: (to) =>
      `${to ? `Falls ${to} hier verwendbar ist, wurde ein Code dorthin gesendet.` : "Ein Code wurde an Ihre E-Mail-Adresse gesendet."} Er gilt 24 Stunden.`,
    button: "Bestätigen und anmelden",
    alone: "Bestätigen",
    help: "Keine Nachricht nach einigen Minuten?",
    spam: "Sehen Sie im Spam-Ordner nach.",
    hasAccount: "Falls Sie schon ein Konto haben, melden Sie sich an, oder fordern Sie dort ein neues Passwort an.",
    taken: "Vielleicht ist der Benutzername vergeben. Legen Sie das Konto mit einem anderen an.",
    done: "Ihre E-Mail-Adresse ist bestätigt. Melden Sie sich an.",
  },

  forgot: {
    title: "Passwort vergessen?",
    intro: (name) =>
      name === "email"
        ? "Geben Sie Ihre E-Mail-Adresse ein. Falls sie zu einem Konto gehört, wird ein Code dorthin gesendet."
        : "Geben Sie den Namen ein, mit dem Sie sich anmelden. Falls sein Konto eine bestätigte E-Mail-Adresse hat, wird ein Code dorthin gesendet.",
    button: "Code senden",
    byAdministrator: "Bitten Sie den Administrator dieser Seite um ein vorläufiges Passwort.",
  },

  reset: {
    title: "Neues Passwort wählen",
    intro: "Falls das Konto eine bestätigte E-Mail-Adresse hat, wurde ein Code dorthin gesendet. Er gilt eine Stunde.",
    byAdministrator: "Ihr Passwort wurde zurückgesetzt. Ein Code wurde an Ihre E-Mail-Adresse gesendet. Er gilt eine Stunde.",
    button: "Speichern und anmelden",
    administrator: "Falls Sie sich noch nie angemeldet haben oder keine bestätigte E-Mail-Adresse haben, bitten Sie den Administrator dieser Seite um ein vorläufiges Passwort.",
    done: "Ihr neues Passwort ist gespeichert. Melden Sie sich damit an.",
  },

  firstPassword: {
    title: "Eigenes Passwort wählen",
    intro: "Sie haben sich mit einem vorläufigen Passwort angemeldet. Ersetzen Sie es durch eines, das nur Sie kennen.",
    button: "Speichern und anmelden",
  },

  authenticator: {
    title: "Code Ihrer App eingeben",
    intro: "Öffnen Sie Ihre Authenticator-App. Sie zeigt für diese Seite einen Code aus sechs Ziffern.",
    button: "Anmelden",
    lost: "Gerät mit der App verloren?",
    lostHelp: "Bitten Sie den Administrator dieser Seite, sie aus Ihrem Konto zu entfernen. Melden Sie sich dann mit Ihrem Passwort an, und richten Sie die App auf einem anderen Gerät ein.",

    setUpTitle: "Authenticator-App einrichten",
    why: "Ihr Konto braucht einen zweiten Nachweis, dass Sie es sind: den Code einer App auf Ihrem Telefon.",
    install: "Installieren Sie eine Authenticator-App, falls Sie keine haben.",
    scan: "Scannen Sie dieses Bild mit der App.",
    picture: "QR-Code für die Authenticator-App. Der Schlüssel darunter sagt dasselbe.",
    openApp: "App auf diesem Gerät öffnen",
    key: "Scannen geht nicht? Geben Sie diesen Schlüssel in die App ein:",
    enter: "Geben Sie den Code ein, den die App zeigt.",
    confirm: "Bestätigen",
  },

  sentCode: {
    title: "Code eingeben",
    byEmail: (to) => `Ein Code wurde per E-Mail${to ? ` an ${to}` : ""} gesendet. Er gilt einige Minuten.`,
    byText: (to) => `Ein Code wurde per SMS${to ? ` an ${to}` : ""} gesendet. Er gilt einige Minuten.`,
    button: "Anmelden",
    again: "Einen neuen Code bekommen Sie, wenn Sie zurückgehen und sich noch einmal anmelden.",
  },

  choice: {
    title: "Wie möchten Sie zeigen, dass Sie es sind?",
    intro: "Ihr Konto braucht außer dem Passwort einen zweiten Nachweis.",
    setUpTitle: "Zweiten Nachweis wählen",
    setUpIntro: "Ihr Konto braucht außer dem Passwort einen zweiten Nachweis. Von jetzt an fragt die Anmeldung danach.",
    kinds: { EMAIL: "Ein Code per E-Mail", SMS: "Ein Code per SMS", TOTP: "Ein Code der Authenticator-App" },
  },

  emailSetUp: {
    title: "Codes per E-Mail einrichten",
    intro: "Von jetzt an sendet die Anmeldung einen Code an diese Adresse.",
    button: "Ersten Code senden",
  },

  account: {
    open: "Konto",
    title: "Ihr Konto",
    close: "Schließen",
    back: "Zurück",

    password: "Passwort",
    changePassword: "Passwort ändern",
    currentPassword: "Bisheriges Passwort",
    savePassword: "Passwort speichern",
    passwordChanged: "Ihr Passwort ist geändert. Andere Geräte bleiben angemeldet.",

    authenticator: "Authenticator-App",
    isOn: "An: Die Anmeldung fragt nach ihrem Code.",
    isOff: "Aus: Die Anmeldung fragt nur nach dem Passwort.",
    setUp: "Einrichten",
    replace: "Auf ein anderes Gerät umziehen",
    replaceHelp: "Beginnen Sie, wenn Sie das andere Gerät zur Hand haben. Die Codes des bisherigen gelten dann nicht mehr.",
    turnOff: "Ausschalten",
    authenticatorOn: "Die Authenticator-App ist eingerichtet. Die nächste Anmeldung fragt nach ihrem Code.",
    authenticatorOff: "Die Authenticator-App ist ausgeschaltet.",

    sessions: "Sitzungen",
    everywhere: "Überall abmelden",
    everywhereHelp: (minutes) =>
      `Beendet die Sitzung auf diesem Gerät und auf allen anderen. Was auf einem anderen Gerät offen ist, kann noch ${minutes === 1 ? "eine Minute" : `bis zu ${minutes} Minuten`} weiterlaufen.`,
    everywhereDone: "Sie sind auf allen Geräten abgemeldet.",
  },

  problems: {
    wrong: (name) => `${name === "email or phone" ? "Name" : german.name[name]} oder Passwort ist falsch.`,
    wrongCurrent: "Das bisherige Passwort ist falsch.",
    wrongMailCode: "Der Code ist falsch, abgelaufen oder schon benutzt. Prüfen Sie ihn, oder lassen Sie einen neuen senden.",
    wrongAppCode: "Der Code ist falsch oder schon benutzt. Geben Sie den ein, den die App jetzt zeigt.",
    wrongSentCode: "Der Code ist falsch oder abgelaufen. Prüfen Sie ihn, oder gehen Sie zurück, und melden Sie sich für einen neuen noch einmal an.",
    passkey: "Der Passkey wurde nicht benutzt: Es wurde abgebrochen, oder dieses Gerät hat keinen für diese Seite. Melden Sie sich noch einmal an, um es wieder zu versuchen.",
    otherAccount: "Ein anderes Konto hat diese E-Mail-Adresse. Melden Sie sich mit jenem an.",
    temporaryExpired: "Ihr vorläufiges Passwort ist abgelaufen. Bitten Sie den Administrator dieser Seite um ein neues.",
    tookTooLong: "Das hat zu lange gedauert. Melden Sie sich von vorn an.",
    ended: "Ihre Sitzung ist beendet. Melden Sie sich wieder an.",
    tooMany: "Zu viele Versuche. Warten Sie einige Minuten, und versuchen Sie es dann wieder.",
    tooManyMails: "Zu viele Codes wurden angefordert. Versuchen Sie es in einer Stunde wieder.",
    noSignUp: "Nur der Administrator dieser Seite kann Konten anlegen. Bitten Sie ihn darum.",
    noMail: "Der Code konnte nicht gesendet werden. Versuchen Sie es später wieder, oder fragen Sie den Administrator dieser Seite.",
    usedBefore: "Dieses Passwort hatten Sie schon einmal. Wählen Sie ein anderes.",
    password: (why) => `Dieses Passwort wird nicht angenommen${why ? `: ${why}` : "."}`,
    refused: (why) => `Das wurde abgelehnt${why ? `: ${why}` : "."}`,
    noPool: "Den User-Pool dieser Seite gibt es nicht mehr. Ihr Administrator muss den Stack anwenden und die Konfiguration neu schreiben.",
    noAuthenticator: "Diese Seite nimmt zurzeit keine Authenticator-Apps an. Fragen Sie ihren Administrator.",
    unknownStep: (step) => `Dieses Konto braucht einen Anmeldeschritt, den diese Seite nicht kennt (${step}). Fragen Sie den Administrator dieser Seite.`,
    unknown: (why) => `Das hat nicht geklappt: ${why}`,
  },
};
