"""MiniStack, for as long as the process that started it lives, and with its state on disk soon after each change.

Its standard input is a pipe that nobody writes to: when it closes, the other end is gone, and this ends
as if it had been told to, with its state written. SIGUSR1 writes the state without ending: by itself
MiniStack writes it at its end alone, and a crash would leave buckets with objects and nothing else.
"""
import os, runpy, signal, sys, threading


def end_with_the_gateway():
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def save(*_):
    app = sys.modules.get("ministack.app")
    if app:
        app.save_all(app._build_persistence_save_dict())


signal.signal(signal.SIGUSR1, save)
threading.Thread(target=end_with_the_gateway, daemon=True).start()
sys.argv = ["ministack"]
runpy.run_module("ministack", run_name="__main__", alter_sys=True)
