// What bash and zsh call to offer candidates: both scripts have functions of these names; files and folders are asked of each shell.
import type { Candidates } from './candidates.ts';

export function offered(candidates: Candidates, shell: { readonly files: string; readonly folders: string }): string {
  switch (candidates.kind) {
    case 'words':
      return `_shmtop_words ${candidates.words.join(' ')}`;
    case 'list':
      return `_shmtop_list ${candidates.words.join(' ')}`;
    case 'live':
      return `_shmtop_live ${candidates.live}`;
    case 'files':
      return shell.files;
    case 'folders':
      return shell.folders;
    case 'nothing':
      return ':';
  }
}
