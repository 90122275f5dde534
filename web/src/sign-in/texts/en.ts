/** English texts of the sign-in and of the account. */

import type { NameKind } from "../accounts";

const name: Record<NameKind, string> = {
  "user name": "User name",
  email: "Email address",
  phone: "Phone number",
  "email or phone": "Email address or phone number",
};

export const english = {
  name,
  email: "Email address",
  password: "Password",
  newPassword: "New password",
  showPassword: "Show the password",
  code: "Code",
  back: "Back to sign-in",
  newCode: "Send a new code",
  newCodeSent: "If an account waits for a code, a new one is on its way.",
  reloaded: "The page was loaded again. Sign in once more to go on.",
  saving: "Saving…",
  checking: "Checking…",
  sending: "Sending…",

  passwordRules: "It needs",
  keepsRule: ": it has",
  rules: {
    length: (count: number) => `at least ${count} characters`,
    lowercase: "a lower-case letter",
    uppercase: "an upper-case letter",
    digits: "a digit",
    symbols: "a symbol (such as - or !)",
  },
  stillNeeds: (rules: string) => `The new password still needs ${rules}.`,

  signIn: {
    title: "Sign in",
    button: "Sign in",
    busy: "Signing in…",
    forgot: "Forgot your password?",
    isNew: "No account yet?",
    signUp: "Create an account",
  },

  signUp: {
    title: "Create an account",
    button: "Create account",
    busy: "Creating…",
    hasAccount: "You have an account?",
    signIn: "Sign in",
  },

  confirm: {
    title: "Confirm your email address",
    intro: (to?: string) =>
      `${to ? `If ${to} can be used here, a code was sent to it.` : "A code was sent to your email address."} It works for 24 hours.`,
    button: "Confirm and sign in",
    alone: "Confirm",
    help: "No message after some minutes?",
    spam: "Look in the folder for spam.",
    hasAccount: "If you have an account already, sign in, or ask there for a new password.",
    taken: "The user name can be in use already. Create the account with another one.",
    done: "Your email address is confirmed. Sign in.",
  },

  forgot: {
    title: "Forgot your password?",
    intro: (name: NameKind): string =>
      name === "email"
        ? "Enter your email address. If it belongs to an account, a code is sent to it."
        : "Enter the name that you sign in with. If its account has a confirmed email address, a code is sent to it.",
    button: "Send the code",
    byAdministrator: "Ask the administrator of this page for a temporary password.",
  },

  reset: {
    title: "Choose a new password",
    intro: "If the account has a confirmed email address, a code was sent to it. It works for one hour.",
    byAdministrator: "Your password was reset. A code was sent to your email address. It works for one hour.",
    button: "Save and sign in",
    administrator: "If you never signed in before, or have no confirmed email address, ask the administrator of this page for a temporary password.",
    done: "Your new password is saved. Sign in with it.",
  },

  firstPassword: {
    title: "Choose your own password",
    intro: "You signed in with a temporary password. Replace it with one that only you know.",
    button: "Save and sign in",
  },

  authenticator: {
    title: "Enter the code of your app",
    intro: "Open your authenticator app. It shows a code of six digits for this page.",
    button: "Sign in",
    lost: "Lost the device with the app?",
    lostHelp: "Ask the administrator of this page to remove it from your account. Then sign in with your password, and set up the app on another device.",

    setUpTitle: "Set up an authenticator app",
    why: "Your account needs a second proof that it is you: a code of an app on your phone.",
    install: "Install an authenticator app, if you have none.",
    scan: "Scan this picture with the app.",
    picture: "QR code for the authenticator app. The key below says the same.",
    openApp: "Open the app on this device",
    key: "Can't scan it? Type this key into the app:",
    enter: "Enter the code that the app shows.",
    confirm: "Confirm",
  },

  sentCode: {
    title: "Enter the code",
    byEmail: (to: string) => `A code was sent by email${to ? ` to ${to}` : ""}. It works for some minutes.`,
    byText: (to: string) => `A code was sent by text message${to ? ` to ${to}` : ""}. It works for some minutes.`,
    button: "Sign in",
    again: "To have a new code sent, go back and sign in again.",
  },

  choice: {
    title: "How do you want to prove that it is you?",
    intro: "Your account needs a second proof besides the password.",
    setUpTitle: "Choose a second proof",
    setUpIntro: "Your account needs a second proof besides the password. From now on, signing in asks for it.",
    kinds: { EMAIL: "A code by email", SMS: "A code by text message", TOTP: "A code of an authenticator app" },
  },

  emailSetUp: {
    title: "Set up codes by email",
    intro: "From now on, signing in sends a code to this address.",
    button: "Send the first code",
  },

  account: {
    open: "Account",
    title: "Your account",
    close: "Close",
    back: "Back",

    password: "Password",
    changePassword: "Change the password",
    currentPassword: "Current password",
    savePassword: "Save the password",
    passwordChanged: "Your password is changed. Other devices stay signed in.",

    authenticator: "Authenticator app",
    isOn: "On: signing in asks for its code.",
    isOff: "Off: signing in asks for the password alone.",
    setUp: "Set up",
    replace: "Move to another device",
    replaceHelp: "Begin when you have the other device at hand. The codes of the present one stop working.",
    turnOff: "Turn off",
    authenticatorOn: "The authenticator app is set up. The next sign-in asks for its code.",
    authenticatorOff: "The authenticator app is off.",

    sessions: "Sessions",
    everywhere: "Sign out everywhere",
    everywhereHelp: (minutes: number) =>
      `Ends the session on this device and on all others. What is open on another device can go on for ${minutes === 1 ? "one minute" : `up to ${minutes} minutes`}.`,
    everywhereDone: "You are signed out on all devices.",
  },

  problems: {
    wrong: (name: NameKind) => `The ${name === "email or phone" ? "name" : name === "email" ? "email address" : name === "phone" ? "phone number" : name} or the password is wrong.`,
    wrongCurrent: "The current password is wrong.",
    wrongMailCode: "The code is wrong, expired or used already. Check it, or have a new one sent.",
    wrongAppCode: "The code is wrong or used already. Enter the one that the app shows now.",
    wrongSentCode: "The code is wrong or expired. Check it, or go back and sign in again for a new one.",
    passkey: "The passkey was not used: it was cancelled, or this device has none for this page. Sign in again to try once more.",
    otherAccount: "Another account has this email address. Sign in with that one.",
    temporaryExpired: "Your temporary password has expired. Ask the administrator of this page for a new one.",
    tookTooLong: "That took too long. Sign in again from the start.",
    ended: "Your session has ended. Sign in again.",
    tooMany: "Too many attempts. Wait some minutes, then try again.",
    tooManyMails: "Too many codes were asked for. Try again in an hour.",
    noSignUp: "Only the administrator of this page can create accounts. Ask there.",
    noMail: "The code could not be sent. Try again later, or ask the administrator of this page.",
    usedBefore: "You used this password before. Choose another one.",
    password: (why: string) => `The pool does not take this password${why ? `: ${why}` : "."}`,
    refused: (why: string) => `This was refused${why ? `: ${why}` : "."}`,
    noPool: "The user pool of this page does not exist any more. Its administrator has to apply the stack and write the configuration again.",
    noAuthenticator: "This page takes no authenticator apps at present. Ask its administrator.",
    unknownStep: (step: string) => `This account needs a step of signing in that this page does not know (${step}). Ask the administrator of this page.`,
    unknown: (why: string) => `That did not work: ${why}`,
  },
};

export type SignInTexts = typeof english;
