#!/usr/bin/env node
// Starts the program stackctl. It is in a package of this platform's own, an optional dependency of this one.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { optionalDependencies, version } = require("./package.json");

const name = `@stackctl/${process.platform}-${process.arch}`;

/** Why the program is not there, and what to do. */
function missing() {
  if (!(name in optionalDependencies)) {
    const platforms = Object.keys(optionalDependencies).map((it) => it.slice("@stackctl/".length));
    return (
      `stackctl has no program for ${process.platform}-${process.arch}. It has one for ${platforms.join(", ")}.\n` +
      `On Windows, run it in WSL 2. On other platforms, build it from source: the README says how.`
    );
  }
  if (process.platform === "linux" && !process.report?.getReport().header.glibcVersionRuntime) {
    return "stackctl's program for Linux needs glibc, and this system has another C library, such as musl on Alpine.";
  }
  return (
    `the package ${name} is missing. It has the program stackctl for this platform.\n` +
    `npm leaves it out with --omit=optional, and with a package-lock.json that was written on another platform.\n` +
    `Install it: npm install --include=optional ${name}@${version}\n` +
    `If that does not help, delete node_modules and package-lock.json, and run npm install.`
  );
}

function program() {
  try {
    return require.resolve(`${name}/bin/stackctl`);
  } catch {
    console.error(`error: ${missing()}`);
    process.exit(1);
  }
}

/** Starts the program as a child, and ends as it ends. */
function follow(file) {
  // Ctrl-C in a terminal reaches the child too, and a second one would stop it at once.
  const inTerminal = [0, 1, 2].some((descriptor) => require("node:tty").isatty(descriptor));
  const forward = (signal) => {
    if (signal !== "SIGINT" || !inTerminal) child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
  for (const signal of signals) process.on(signal, forward);
  // The signals are handled from the child's first moment on.
  const child = spawn(file, process.argv.slice(2), { stdio: "inherit" });
  child.on("error", (error) => {
    console.error(`error: could not start ${file}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const it of signals) process.removeAllListeners(it);
    process.kill(process.pid, signal);
    // A signal that does not end this process ends it as a shell reports it.
    process.exitCode = 128 + constants.signals[signal];
  });
}

const file = program();
if (process.execve) {
  // This process becomes the program, so signals, stdin and the exit code are the program's own. Node.js warns that
  // the function is new.
  process.removeAllListeners("warning");
  process.execve(file, [file, ...process.argv.slice(2)], process.env);
} else {
  follow(file);
}
