// What keys ask for, and what takes them.

/** What takes the keys at the moment. */
export type Mode = 'table' | 'detail' | 'content' | 'help' | 'setup' | 'prompt' | 'dialog' | 'countdown' | 'confirm';

/** The keys of the screens. */
export type ScreenNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** What a key asks for. The reducer changes the state for it, or a command acts on the world. */
export type Intent =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'left'
  | 'right'
  | 'open'
  | 'back'
  | 'next-screen'
  | 'previous-screen'
  | `screen-${ScreenNumber}`
  | 'help'
  | 'setup'
  | 'search'
  | 'search-next'
  | 'search-previous'
  | 'filter'
  | 'tree'
  | 'expand'
  | 'collapse'
  | 'expand-all'
  | 'sort'
  | 'sort-previous'
  | 'sort-next'
  | 'sort-reverse'
  | 'tag'
  | 'untag-all'
  | 'remove'
  | 'remove-abandoned'
  | 'only-leftovers'
  | 'by-user'
  | 'who'
  | 'pause'
  | 'earlier'
  | 'later'
  | 'follow'
  | 'slower'
  | 'faster'
  | 'load'
  | 'tour'
  | 'content'
  | 'copy'
  | 'save'
  | 'mouse'
  | 'redraw'
  | 'suspend'
  | 'quit'
  | 'accept'
  | 'toggle'
  | 'move-earlier'
  | 'move-later';
