# SPDX-License-Identifier: Apache-2.0
"""The lab's tests, on one kernel."""

import sys

import bursts_test
import families_test
import identity_test
import interface_test
import limits_test
import load_test
import names_test
import network_test
import peaks_test
import processes_test
import rise_test
import service_test
import swap_test
import trial
import units_test
import values_test
import writes_test

# In this order: LifecycleTest stops the exporter.
CASES = [
    interface_test.InterfaceTest, families_test.FamiliesTest, values_test.ValuesTest, identity_test.IdentityTest, limits_test.LimitsTest,
    load_test.LoadTest, names_test.NamesTest, network_test.NetworkTest, processes_test.ProcessesTest, peaks_test.PeaksTest,
    bursts_test.BurstsTest, rise_test.RiseTest, swap_test.SwapTest, writes_test.WritesTest,
    service_test.ExpositionTest, service_test.SandboxTest, service_test.LogTest, service_test.LifecycleTest, units_test.UnitsTest,
]

if __name__ == "__main__":
    sys.exit(trial.run(CASES, *sys.argv[1:], lifetime=860))
