# SPDX-License-Identifier: Apache-2.0
"""Results of a test program as TAP, line by line on standard output."""


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, passed, name, detail=''):
        self.count += 1
        self.failed += not passed
        print(f'{"ok" if passed else "not ok"} {self.count} - {name}', flush=True)
        if not passed and detail:
            self.note(detail)
        return passed

    def equal(self, found, wanted, name):
        return self.check(found == wanted, name, f'found {found!r}, wanted {wanted!r}')

    def skip(self, name, reason):
        self.count += 1
        print(f'ok {self.count} - {name} # SKIP {reason}', flush=True)

    def note(self, text):
        for line in str(text).splitlines():
            print(f'# {line}', flush=True)

    def forward(self, lines):
        """Takes over 'ok - name' and 'not ok - name' lines of another process, and its notes."""
        for line in lines:
            if line.startswith('ok - '):
                self.check(True, line[5:])
            elif line.startswith('not ok - '):
                self.check(False, line[9:])
            else:
                self.note(line.removeprefix('# '))

    def end(self):
        """Prints the plan; the program's exit status."""
        print(f'1..{self.count}', flush=True)
        return 1 if self.failed else 0
