// Python's multiprocessing and what machine learning builds on it: PyTorch, NCCL, CUDA, joblib, vLLM, Ray.
import type { SoftwareRow } from '../software.ts';

/**
 * Command names of programs that may run Python. Any program can, so this is as wide as it can be: what has "py" in it,
 * servers that rename themselves, and launchers. The resource tracker of whoever uses the standard library is among them.
 */
const MAY_RUN_PYTHON =
  /^[\s\S]*(?:py|uvicorn|gunicorn|hypercorn|daphne|celery|jupyter|ray|vllm|sglang|torch|pt_|triton|dask|airflow|luigi|prefect|dagster|mlflow|wandb|accelerate|deepspeed|horovod|spark|uwsgi|mod_wsgi|httpd|apache|unitd|flask|django|streamlit|gradio|conda|mamba|blender|freecad|gdb|java|mpi|orte|prte|srun|slurm|nccl|cuda|all_reduce)[\s\S]*$/i;

const PYTHON = 'Python multiprocessing';

/**
 * An interpreter by another name, or part of another program (Blender, a debugger): its library, or where that is built in,
 * an extension module. Whoever uses multiprocessing has loaded `_posixshmem.cpython-311-….so`. It is looked for in all the maps of
 * a process, whose names are the process's own choice: no part of it may be tried again and again.
 */
const PYTHON_LIBRARY = /\/libpython[0-9.]{1,16}[a-z]{0,8}\.so|\.(?:cpython-\d[\w-]{0,64}|abi3)\.so/;

/**
 * An interpreter that has loaded extension modules from files, and not the one for such objects, has made none: that module is
 * one of them unless all are built in.
 */
const unlessLoaded = (module: RegExp) => ({ ifMapped: /\/lib-dynload\//, unlessMapped: module });

export const PYTHON_ML: readonly SoftwareRow[] = [
  {
    match: { on: 'posix', path: /^psm_[0-9a-f]{8}$/ },
    name: PYTHON,
    role: 'SharedMemory object',
    outlives: false,
    leftover: {
      when: 'no-process',
      comm: MAY_RUN_PYTHON,
      of: 'user',
      library: PYTHON_LIBRARY,
      bystander: unlessLoaded(/\/_posixshmem\./),
    },
    patienceSec: 600,
    removalBreaks: 'whoever wants to attach to it by name',
    cleanup: 'unlink() by its creator; the resource tracker at its end',
    source: 'CPython 3.11 run and killed; multiprocessing/shared_memory.py; gh-82300',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^sem\.mp-[a-z0-9_]{8}$/ },
    name: PYTHON,
    role: 'lock, semaphore or queue (start method spawn)',
    outlives: false,
    leftover: {
      when: 'no-process',
      comm: MAY_RUN_PYTHON,
      of: 'user',
      library: PYTHON_LIBRARY,
      bystander: unlessLoaded(/\/_multiprocessing\./),
    },
    patienceSec: 600,
    removalBreaks: 'children of the pool that start later',
    cleanup: 'the resource tracker at its end',
    source: 'CPython 3.11 run and killed; multiprocessing/synchronize.py, tempfile._RandomNameSequence',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^pym-(?<pid>\d{1,7})-[a-z0-9_]{8}$/ },
    name: PYTHON,
    role: 'heap of Array and Value, unlinked at birth',
    outlives: false,
    leftover: { when: 'unheld' },
    patienceSec: 120,
    removalBreaks: 'nothing',
    source: 'CPython 3.11 run and killed; multiprocessing/heap.py',
    mark: 'V',
  },
  {
    match: { on: 'posix', path: /^torch_(?<pid>\d{1,7})_\d{1,10}(?:_\d{1,20})?$/ },
    name: 'PyTorch',
    role: 'tensor shared by a data loader',
    outlives: false,
    // 15 bytes: the kernel cuts torch_shm_manager. It removes the file itself, some seconds after its clients have gone.
    leftover: { when: 'name-pid-dead', andNoProcess: /^torch_shm_manag(?:er?)?$/ },
    patienceSec: 60,
    removalBreaks: 'data loaders that still pass it on',
    cleanup: 'torch_shm_manager; strategy file_descriptor does not leak',
    source: 'PyTorch 1.13.1 run and killed; docs: "file_system is prone to leaks"; MapAllocator.cpp',
    mark: 'V+D',
  },
  {
    // mkstemp(3): at least one capital after the first letter, or it may be a word that somebody chose (nccl-config).
    match: { on: 'posix', path: /^nccl-[A-Za-z0-9](?=[a-z0-9]{0,4}[A-Z])[A-Za-z0-9]{5}$/ },
    name: 'NCCL',
    role: 'buffer between two ranks',
    outlives: false,
    leftover: { when: 'no-process', comm: MAY_RUN_PYTHON, of: 'user', library: PYTHON_LIBRARY },
    patienceSec: 600,
    removalBreaks: 'a job that is just starting',
    cleanup: 'delete when no job runs; a healthy job shows none',
    source: 'nccl src/misc/shmutils.cc; NVIDIA/nccl#525; llm-d#352',
    mark: 'D',
  },
  {
    match: { on: 'posix', path: /^nccl-(?:[A-Za-z0-9][a-z0-9]{5}|shm-(?:send|recv)-[0-9a-f]{1,16}(?:-\d{1,6}){1,3})$/ },
    name: 'NCCL',
    role: 'buffer between two ranks',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'a running job',
    cleanup: 'delete when no job runs',
    source: 'nccl transport/shm.cc (older versions); field list of seen names',
    mark: 'D',
  },
  {
    // The pid of the producer is in it, but in hexadecimal and in the pid namespace of its container.
    match: { on: 'posix', path: /^cuda\.shm\.\d{1,10}\.[0-9a-f]{1,8}\.\d{1,10}$/ },
    name: 'CUDA',
    role: 'IPC handles, or a client of MPS',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'MPS clients, and whoever imports the handles',
    cleanup: 'sweep only when all CUDA processes are dead',
    source: 'NVIDIA/k8s-device-plugin#467; sglang#33929',
    mark: 'D',
  },
  {
    match: { on: 'posix', path: /^sem\.loky-(?<pid>\d{1,7})-[a-z0-9_]{8}$/ },
    name: 'joblib',
    role: 'lock of a loky pool',
    outlives: false,
    leftover: { when: 'name-pid-dead' },
    removalBreaks: 'running workers',
    source: 'loky backend/synchronize.py; joblib#198, #966',
    mark: 'D',
  },
  {
    match: {
      on: 'posix',
      path: /^joblib_memmapping_folder_(?<pid>\d{1,7})_[0-9a-f]{1,32}(?:_[0-9a-f]{1,32})?(?:\/[^/\x00-\x1f]{1,255})?$/,
    },
    name: 'joblib',
    role: 'arguments of parallel jobs, mapped by workers',
    outlives: false,
    leftover: { when: 'name-pid-dead' },
    removalBreaks: 'running workers',
    source: 'joblib _memmapping_reducer.py; joblib#198, #966',
    mark: 'D',
  },
  {
    match: { on: 'posix', path: /^vllm_offload_[\w-]{1,128}(?:\.mmap)?$/ },
    name: 'vLLM',
    role: 'key-value cache moved to main memory (very large)',
    outlives: false,
    leftover: { when: 'no-process', comm: MAY_RUN_PYTHON, of: 'user', library: PYTHON_LIBRARY },
    patienceSec: 600,
    removalBreaks: 'workers that start later',
    cleanup: 'delete when no engine of that user runs',
    source: 'vllm#51317: names are fresh for each run, so leaks pile up',
    mark: 'D',
  },
  {
    match: { on: 'posix', path: /^plasma[A-Za-z0-9]{6}$/ },
    name: 'Ray',
    role: 'object store, unlinked at birth',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'nothing: it should not be visible',
    source: 'plasma malloc.cc; ray#39229',
    mark: 'D/F',
  },
  {
    match: { on: 'posix', path: /^sgl_shm_[a-z]{1,16}_(?<pid>\d{1,7})_[0-9a-f]{8,32}$/ },
    name: 'SGLang',
    role: 'picture or tensor on its way between two processes of a server',
    outlives: false,
    // Its consumer may outlive the maker that the name tells: any Python of the owner keeps it.
    leftover: { when: 'name-pid-dead', andNoProcess: MAY_RUN_PYTHON },
    patienceSec: 600,
    removalBreaks: 'a request that is still waited for',
    cleanup: 'the next server of that user removes those of dead processes, in CI only',
    source: 'sglang srt/utils/stale_shm_cleanup.py; sglang#28089, #40723',
    mark: 'D',
  },
  {
    match: {
      on: 'posix',
      path: /^(?:sglang_loads_[\w.-]{1,128}|multi_tokenizer_args_\d{1,7}|shared_mla_tp\d{1,4}_p\d{1,7})$/,
    },
    name: 'SGLang',
    role: 'state shared by the processes of a server',
    outlives: false,
    leftover: { when: 'unknown' },
    removalBreaks: 'a running server',
    cleanup: 'delete when no server runs',
    source: 'sglang managers/load_snapshot.py; sglang#30591, #28027',
    mark: 'D',
  },
  {
    // The first six digits are the pid modulo 10^6: no process can be proven dead by them.
    match: { on: 'posix', path: /^jl\d{6}[A-Za-z0-9]{20}$/ },
    name: 'Julia',
    role: 'SharedArray on its way to the workers, unlinked once they have mapped it',
    outlives: false,
    leftover: { when: 'no-process', comm: /^[\s\S]*julia[\s\S]*$/i, of: 'any', library: /\/libjulia[a-z-]{0,16}\.so/ },
    patienceSec: 600,
    removalBreaks: 'workers that are just starting',
    source: 'Julia stdlib SharedArrays.jl: "/jl", pid % 10^6, randstring(20)',
    mark: 'D',
  },
];
