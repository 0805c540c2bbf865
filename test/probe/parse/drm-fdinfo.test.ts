// Texts after Documentation/gpu/drm-usage-stats.rst and the drivers' own show_fdinfo.
import { describe, expect, it } from 'vitest';
import { parseDrmFdinfo } from '../../../src/probe/parse/drm-fdinfo.ts';

const I915 = `pos:	0
flags:	02100002
mnt_id:	26
ino:	402
drm-driver:	i915
drm-client-id:	7
drm-pdev:	0000:00:02.0
drm-total-system0:	16 MiB
drm-shared-system0:	4 MiB
drm-active-system0:	0
drm-resident-system0:	12288 KiB
drm-engine-render:	9288864723 ns
`;

describe('fdinfo of a graphics device', () => {
  it('tells what of a client is resident in system memory, and what others share', () => {
    expect(parseDrmFdinfo(I915)).toEqual({
      ...{ driver: 'i915', device: '0000:00:02.0', client: '7' },
      ...{ systemBytes: 12 << 20, isAllocated: false, sharedBytes: 4 << 20 },
    });
  });

  it('says so where a driver tells only what was allocated', () => {
    const text = I915.replace(/drm-resident-system0:.*\n/, '');
    expect(parseDrmFdinfo(text)).toMatchObject({ systemBytes: 16 << 20, isAllocated: true });
  });

  it('is that of something else without a driver and a client', () => {
    expect(parseDrmFdinfo('pos:\t0\nflags:\t02\n')).toBeUndefined();
    expect(parseDrmFdinfo(I915.replace('drm-client-id', 'x'))).toBeUndefined();
  });

  it.each(['12288 GiB', '-1 KiB', '1e9', '99999999999999999 KiB', ''])('takes no size that is none: %j', (size) => {
    const text = `${I915.replace(/drm-(total|resident)-system0:.*\n/g, '')}drm-resident-system0:\t${size}\n`;
    expect(parseDrmFdinfo(text)).toBeUndefined();
  });
});
