// Tells the terminal whether it should report the mouse; off means that no sequence at all is sent for it.
import { useEffect } from 'react';

export function useMouseMode(isOn: boolean, setMouse: (isOn: boolean) => void): void {
  useEffect(() => setMouse(isOn), [isOn, setMouse]);
}
