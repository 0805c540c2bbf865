// Known software and what it does with shared memory: the rows of all topics. The first row that matches counts.
import type { SoftwareRow } from './software.ts';
import { AUDIO_VIDEO } from './software-table/audio-video.ts';
import { DATABASES } from './software-table/databases.ts';
import { DESKTOP } from './software-table/desktop.ts';
import { GENERIC } from './software-table/generic.ts';
import { HPC } from './software-table/hpc.ts';
import { KEPT_SEGMENTS, KEYED_SEGMENTS } from './software-table/kept-segments.ts';
import { MAPPED_FILES } from './software-table/mapped-files.ts';
import { MEMFD } from './software-table/memfd.ts';
import { PYTHON_ML } from './software-table/python-ml.ts';
import { ROBOTICS } from './software-table/robotics.ts';
import { SERVERS } from './software-table/servers.ts';
import { OWN_LOAD, TOOLS } from './software-table/tools.ts';
import { USER_DATA } from './software-table/user-data.ts';
import { VENDOR_TOOL } from './software-table/vendor-tool.ts';

/**
 * Data first, so that no rule can call a database a leftover; then what has a tool of its own; guesses last. A row either
 * vetoes (`never`), names (`unknown`), or says when a name that nobody holds is a leftover: in doubt it only names.
 */
export const SOFTWARE_TABLE: readonly SoftwareRow[] = [
  ...USER_DATA,
  ...VENDOR_TOOL,
  ...DATABASES,
  ...KEPT_SEGMENTS,
  ...OWN_LOAD,
  ...PYTHON_ML,
  ...HPC,
  ...ROBOTICS,
  ...SERVERS,
  ...AUDIO_VIDEO,
  ...DESKTOP,
  ...TOOLS,
  ...MEMFD,
  ...MAPPED_FILES,
  ...GENERIC,
  ...KEYED_SEGMENTS,
];
