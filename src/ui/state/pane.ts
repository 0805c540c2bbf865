// A rectangle of the screen, in characters.

export interface Pane {
  readonly width: number;
  readonly height: number;
}
