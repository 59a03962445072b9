#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the cases of a meson test run, and finds the tests that a name stands for.

usage: summary.py LOGS                    LOGS: meson-logs with testlog.junit.xml and testlog.json
       summary.py --select NAME… < JSON   JSON: what `meson introspect --tests` prints
"""
import json
import pathlib
import sys
import xml.etree.ElementTree as xml

GOOD = {'OK', 'EXPECTEDFAIL', 'SKIP'}
SHOWN = 40      # lines of a program that failed


def read_results(logs):
    """What meson noted of each test program, by name."""
    with open(logs / 'testlog.json', encoding='utf-8') as lines:
        return {entry['name']: entry for entry in map(json.loads, lines)}


def program_of(suite, programs):
    """The test program that a suite of the XML belongs to, if it has several cases of its own."""
    name = suite.get('name').partition('.')[2]
    return next((program for program in programs if name == program or name.startswith(program + '.')), None)


def reason(case, skipped):
    """Why a case was skipped: GoogleTest's message, TAP's explanation or the last words of a program."""
    words = skipped.get('message') or skipped.text or case.findtext('system-out') or ''
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return lines[-1] if lines else 'no reason given'


def outcome(case):
    """(passed, failed or skipped; what the case says to that)"""
    failures = case.findall('failure') + case.findall('error')
    if failures:
        return 'failed', '\n'.join(failure.get('message') or failure.text or '' for failure in failures).strip()
    if case.find('skipped') is not None:
        return 'skipped', reason(case, case.find('skipped'))
    if case.get('status') == 'notrun':
        return 'skipped', 'disabled in the source'
    return 'passed', ''


def read_cases(logs):
    """Yields (name, outcome, reason) of every case. A program that died or timed out counts as one failure when none
    of its cases says so; what such a GoogleTest program left in its XML may be of an earlier run and is not believed."""
    results = read_results(logs)
    told = set()
    for suite in xml.parse(logs / 'testlog.junit.xml').getroot():
        program = program_of(suite, results)
        for case in suite.iter('testcase'):
            owner = program or case.get('name')
            kind, why = outcome(case)
            if kind == 'failed':
                told.add(owner)
            yield f'{owner}: {case.get("name")}' if program else owner, kind, why
    for name, entry in results.items():
        if entry['result'] not in GOOD and name not in told:
            yield f'{name} ({entry["result"].lower()}, exit status {entry["returncode"]})', 'failed', ''


def telling(lines):
    """The lines to show of a program that failed: TAP's failed points with their comments, or else the last ones."""
    points = []
    failing = False
    for line in lines:
        failing = line.startswith('not ok') or (failing and line.startswith('#'))
        if failing:
            points.append(line)
    return points[:SHOWN] or lines[-SHOWN:]


def print_outputs(logs):
    """Prints what matters of what each test program that failed had to say."""
    for entry in read_results(logs).values():
        if entry['result'] not in GOOD:
            lines = (entry.get('stdout', '') + entry.get('stderr', '')).splitlines()
            print(f'---- {entry["name"]} said ----', *telling(lines), '----', sep='\n')


def summarize(logs):
    """Prints the skipped and failed cases and the line of totals; the exit status says whether all is well."""
    try:
        cases = list(read_cases(logs))
        print_outputs(logs)
    except FileNotFoundError:
        cases = []
    count = {kind: sum(case[1] == kind for case in cases) for kind in ('passed', 'failed', 'skipped')}
    for name, kind, why in cases:
        if kind != 'passed':
            print(f'{kind.upper()}: {name}' + (f': {why}' if why else ''))
    if count['passed'] + count['failed'] == 0:
        print('no test ran')
    print(f'{count["passed"]} passed, {count["failed"]} failed, {count["skipped"]} skipped')
    return 0 if count['passed'] and not count['failed'] else 1


def select(names, tests):
    """Prints the names of the tests that names, of suites or tests, stand for."""
    known = {}
    for test in tests:
        for name in [test['name'], *(suite.split(':')[-1] for suite in test['suite'])]:
            known.setdefault(name, []).append(test['name'])
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f'dev: no suite or test is named {", ".join(unknown)}; known: {", ".join(sorted(known))}', file=sys.stderr)
        return 2
    print('\n'.join(dict.fromkeys(test for name in names for test in known[name])))
    return 0


if __name__ == '__main__':
    if sys.argv[1] == '--select':
        sys.exit(select(sys.argv[2:], json.load(sys.stdin)))
    sys.exit(summarize(pathlib.Path(sys.argv[1])))
