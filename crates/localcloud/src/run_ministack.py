"""MiniStack, for as long as the process that started it lives.

Its standard input is a pipe that nobody writes to: when it closes, the other end is gone, and this ends
as if it had been told to, with its state written.
"""
import os, runpy, signal, sys, threading


def end_with_the_gateway():
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_the_gateway, daemon=True).start()
sys.argv = ["ministack"]
runpy.run_module("ministack", run_name="__main__", alter_sys=True)
