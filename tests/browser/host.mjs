// SPDX-License-Identifier: Apache-2.0
// Host: a made-up Kubernetes node as files, and an exporter that serves it on a free port.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

const PATIENCE = 60_000; // milliseconds until a step that normally takes a few counts as failed
const MIB = 1 << 20;
const FIRST_INODE = 4026531834; // of the host's namespaces, as PROC_*_INIT_INO
const NAMESPACES = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

// The same numbers in every run.
function makeRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export class Host {
  constructor() {
    const base = fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir();
    this.root = fs.mkdtempSync(path.join(base, "cgroup2_browser."));
    this.pid = 1;
    this.random = makeRandom(7);
    this.busy = []; // of the cgroups whose counters advance
    this.write("proc/self/status", "Name:\tbrowser\nNSpid:\t1\n");
    this.write("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n");
    this.write("proc/sys/kernel/osrelease", "6.12.48-amd64\n");
    this.write("proc/meminfo", "MemTotal:       32768000 kB\nMemFree:        9216000 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n");
    this.write("proc/vmstat", "nr_free_pages 100\noom_kill 0\n");
    this.write("sys/devices/system/cpu/online", "0-1\n");
    this.write("etc/hostname", "node-7.example\n");
    this.write("usr/lib/os-release", 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n');
    this.write("kmsg", "");
    for (const kind of ["cpu", "memory", "io"]) this.write(`proc/pressure/${kind}`, pressure(0));
    this.addProcess(1, 0);
    this.write("cgroup/cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma misc\n");
    this.write("cgroup/cgroup.procs", "1\n");
    this.write("cgroup/cpu.stat", cpuStat(0, 0));
    this.busy.push({ cgroup: "", cpu: 1.35, throttled: 0, waiting: 0.06 });
  }

  write(name, text) {
    const file = path.join(this.root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  // As the kernel changes a file: nobody sees it half written.
  replace(name, text) {
    const draft = path.join(this.root, "draft");
    fs.writeFileSync(draft, text);
    fs.renameSync(draft, path.join(this.root, name));
  }

  // network 0: all namespaces are the host's; another: those of a pod, whose containers share it.
  addProcess(pid, network) {
    const directory = path.join(this.root, "proc", String(pid), "ns");
    fs.mkdirSync(directory, { recursive: true });
    NAMESPACES.forEach((name, i) => {
      let inode = FIRST_INODE + i;
      if (network && ["cgroup", "mnt", "pid"].includes(name)) inode += pid << 4;
      if (network && ["net", "ipc", "uts"].includes(name)) inode += network << 8;
      fs.symlinkSync(`${name}:[${inode}]`, path.join(directory, name));
    });
  }

  // memory in MiB: { used, held, limit }; cpu: cores in use; the rest in shares and numbers.
  addCgroup(name, { memory, cpu = 0, quota, throttled = 0, waiting = 0, tasks = 1, mostTasks, network = 0, isQuiet = false } = {}) {
    const write = (file, text) => this.write(`cgroup/${name}/${file}`, text);
    const { used = 8, held = 4, limit } = memory ?? {};
    const cache = Math.round((used - held) * MIB);
    this.pid += 1;
    this.addProcess(this.pid, network);
    write("cgroup.procs", `${this.pid}\n`);
    write("cgroup.controllers", "cpu io memory pids\n");
    write("memory.current", `${Math.round(used * MIB)}\n`);
    write("memory.max", limit ? `${limit * MIB}\n` : "max\n");
    write("memory.stat", `anon ${Math.round(held * MIB)}\nfile ${cache}\ninactive_file ${Math.round(cache / 2)}\nactive_file ${cache - Math.round(cache / 2)}\nslab_reclaimable 0\n`);
    write("cpu.stat", cpuStat(0, 0));
    write("cpu.max", quota ? `${quota * 100_000} 100000\n` : "max 100000\n");
    write("pids.current", `${tasks}\n`);
    write("pids.max", mostTasks ? `${mostTasks}\n` : "max\n");
    for (const kind of ["cpu", "memory", "io"]) write(`${kind}.pressure`, pressure(0));
    write("memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n");
    write("memory.events.local", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n");
    if (!isQuiet) this.busy.push({ cgroup: name, cpu, throttled, waiting });
  }

  addPod(number, name, namespace, containers) {
    const uid = `0b9f2f9e-6f6a-4c4e-8d7e-${String(number).padStart(12, "0")}`;
    const slice = `kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll("-", "_")}.slice`;
    const sum = (of) => containers.reduce((total, each) => total + (of(each) ?? 0), 0);
    this.addCgroup(slice, { memory: { used: sum((c) => c.memory.used) + 1, held: sum((c) => c.memory.held) }, cpu: sum((c) => c.cpu), tasks: sum((c) => c.tasks ?? 1), isQuiet: containers[0].isQuiet });
    containers.forEach((container, i) => {
      const id = (number * 16 + i + 1).toString(16).padStart(64, "0");
      this.addCgroup(`${slice}/cri-containerd-${id}.scope`, { ...container, network: number + 1 });
      container.cgroup = `${slice}/cri-containerd-${id}.scope`;
      const link = path.join(this.root, "var/log/containers", `${name}_${namespace}_${container.name}-${id}.log`);
      fs.mkdirSync(path.dirname(link), { recursive: true });
      fs.symlinkSync(`/var/log/pods/${namespace}_${name}_${uid}/${container.name}/0.log`, link);
    });
  }

  // A node as one meets it: some pods near their limits, services beside them.
  addNode() {
    const pods = [
      ["checkout-6d5f9c7b8-x2x4k", "shop", [{ name: "app", memory: { used: 498, held: 471, limit: 512 }, cpu: 0.42, quota: 0.5, throttled: 0.31, waiting: 0.22, tasks: 38 }, { name: "istio-proxy", memory: { used: 61, held: 52, limit: 128 }, cpu: 0.03, quota: 2, tasks: 12 }]],
      ["catalog-0", "shop", [{ name: "postgres", memory: { used: 1880, held: 610, limit: 2048 }, cpu: 0.28, quota: 2, waiting: 0.03, tasks: 24, mostTasks: 512 }]],
      ["search-7c9d4b6f5-2lqmz", "shop", [{ name: "opensearch", memory: { used: 3420, held: 2890, limit: 4096 }, cpu: 0.61, quota: 4, waiting: 0.05, tasks: 96 }]],
      ["prometheus-k8s-0", "monitoring", [{ name: "prometheus", memory: { used: 2210, held: 1240, limit: 3072 }, cpu: 0.19, tasks: 18 }, { name: "config-reloader", memory: { used: 14, held: 12, limit: 50 }, cpu: 0.001, quota: 0.1, tasks: 9 }]],
      ["coredns-5d78c9869d-9xk7p", "kube-system", [{ name: "coredns", memory: { used: 36, held: 29, limit: 170 }, cpu: 0.012, tasks: 11 }]],
      ["kube-proxy-7bqlw", "kube-system", [{ name: "kube-proxy", memory: { used: 44, held: 22 }, cpu: 0.004, tasks: 10 }]],
      ["thumbnails-28391040-fh2c8", "batch", [{ name: "resize", memory: { used: 236, held: 118, limit: 256 }, cpu: 0.97, quota: 1, throttled: 0.08, waiting: 0.36, tasks: 7, mostTasks: 64 }]],
    ];
    this.addCgroup("kubepods.slice", { memory: { used: 8400, held: 5430 }, cpu: 1.2 });
    this.addCgroup("kubepods.slice/kubepods-burstable.slice", { memory: { used: 8400, held: 5430 }, cpu: 1.2 });
    pods.forEach(([name, namespace, containers], i) => this.addPod(i + 1, name, namespace, containers));
    this.addCgroup("system.slice", { memory: { used: 900, held: 380 }, cpu: 0.1 });
    for (const [name, used, held, cpu, tasks] of [["kubelet.service", 92, 64, 0.048, 21], ["containerd.service", 164, 71, 0.021, 84], ["ssh.service", 9, 3, 0, 1], ["systemd-journald.service", 48, 6, 0.002, 1], ["cron.service", 3, 1, 0, 1]])
      this.addCgroup(`system.slice/${name}`, { memory: { used, held }, cpu, tasks });
    return pods;
  }

  // `count` cgroups below the root, in pods of two containers.
  addMany(count) {
    this.addCgroup("kubepods.slice", { isQuiet: true });
    this.addCgroup("kubepods.slice/kubepods-burstable.slice", { isQuiet: true });
    let left = count - 2;
    const container = (name) => {
      const limit = 64 << Math.floor(this.random() * 6);
      const used = limit * this.random();
      return { name, memory: { used, held: used * this.random(), limit }, tasks: 1 + Math.floor(this.random() * 60), isQuiet: true };
    };
    for (let i = 1; left >= 3; i += 1, left -= 3) this.addPod(i, `web-${String(i).padStart(5, "0")}`, "shop", [container("app"), container("sidecar")]);
    for (; left > 0; left -= 1) this.addCgroup(`service-${left}.service`, { isQuiet: true });
  }

  // So many seconds pass for the counters.
  advance(seconds) {
    for (const each of this.busy) {
      each.seconds = (each.seconds ?? 0) + seconds;
      this.replace(`cgroup/${each.cgroup}/cpu.stat`, cpuStat(each.cpu * each.seconds, each.throttled * each.seconds));
      const files = each.cgroup === "" ? "proc/pressure/" : `cgroup/${each.cgroup}/`;
      const suffix = each.cgroup === "" ? "" : ".pressure";
      this.replace(`${files}cpu${suffix}`, pressure(each.waiting * each.seconds));
      this.replace(`${files}memory${suffix}`, pressure(each.waiting * 0.2 * each.seconds));
      this.replace(`${files}io${suffix}`, pressure(each.waiting * 0.4 * each.seconds));
    }
  }

  // From now on time passes.
  run() {
    let last = performance.now();
    this.clock = setInterval(() => {
      const now = performance.now();
      this.advance((now - last) / 1000);
      last = now;
    }, 250);
  }

  // One process is killed there by its memory.max, as the kernel counts and logs it.
  kill(cgroup, comm) {
    this.write("proc/vmstat", "nr_free_pages 100\noom_kill 1\n");
    const events = "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n";
    for (let each = cgroup; each !== "."; each = path.dirname(each)) this.write(`cgroup/${each}/memory.events`, events);
    this.write(`cgroup/${cgroup}/memory.events.local`, events);
    fs.appendFileSync(path.join(this.root, "kmsg"),
      `6,1,1,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/${cgroup},task_memcg=/${cgroup},task=${comm},pid=4711,uid=0\n`);
  }

  async serve(exporter) {
    this.process = spawn(exporter, [`--path.cgroupfs=${this.root}/cgroup`, `--path.procfs=${this.root}/proc`, `--path.sysfs=${this.root}/sys`,
      `--path.rootfs=${this.root}`, `--path.kmsg=${this.root}/kmsg`, `--oom.state-file=${this.root}/oom.json`, "--web.listen-address=127.0.0.1:0",
      "--poll.min-interval=0s", "--log.format=json"], { stdio: ["ignore", "ignore", "pipe"] });
    const lines = readline.createInterface({ input: this.process.stderr });
    const port = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the exporter does not listen")), PATIENCE);
      lines.on("line", (line) => {
        const record = JSON.parse(line);
        if (record.msg === "listening") { clearTimeout(timer); resolve(record.port); }
      });
      this.process.on("exit", (code) => reject(new Error(`the exporter ended with ${code}`)));
    });
    this.url = `http://127.0.0.1:${port}`;
    for (const deadline = Date.now() + PATIENCE; ;) {
      const response = await fetch(`${this.url}/-/ready`);
      if (response.status === 200) return;
      if (Date.now() > deadline) throw new Error("the exporter is not ready");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  close() {
    clearInterval(this.clock);
    this.process?.removeAllListeners("exit");
    this.process?.kill();
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

function cpuStat(seconds, throttled) {
  return `usage_usec ${Math.round(seconds * 1e6)}\nuser_usec 0\nsystem_usec 0\nnr_periods 0\nnr_throttled 0\nthrottled_usec ${Math.round(throttled * 1e6)}\n`;
}

function pressure(seconds) {
  const total = Math.round(seconds * 1e6);
  return `some avg10=0.00 avg60=0.00 avg300=0.00 total=${total}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${Math.round(total / 2)}\n`;
}
