import { describe, expect, it } from 'vitest';
import { Availability } from '../../src/base/availability.ts';

function watched(): { availability: Availability; told: string[] } {
  const told: string[] = [];
  const availability = new Availability('store', ({ name, up, detail }) => {
    told.push(`${name} ${up ? 'up' : 'down'}: ${detail}`);
  });
  return { availability, told };
}

describe('Availability', () => {
  it('is not up before anything was reached', () => {
    const { availability, told } = watched();
    expect(availability.isUp()).toBe(false);
    expect(availability.detail).toBe('not reached yet');
    expect(told).toEqual([]);
  });

  it('tells every change once, however often it is seen', () => {
    const { availability, told } = watched();
    for (let i = 0; i < 3; i += 1) availability.down(new Error('refused'));
    for (let i = 0; i < 3; i += 1) availability.up();
    for (let i = 0; i < 3; i += 1) availability.down('timed out');
    availability.up();
    expect(told).toEqual([
      'store down: refused',
      'store up: back',
      'store down: timed out',
      'store up: back',
    ]);
  });

  it('says reached, not back, of what was never away', () => {
    const { availability, told } = watched();
    availability.up();
    expect(told).toEqual(['store up: reached']);
    expect(availability.detail).toBe('ok');
  });

  it('knows the newest reason of what is away', () => {
    const { availability, told } = watched();
    availability.down(new Error('refused'));
    availability.down(new Error('timed out'));
    expect(availability.detail).toBe('timed out');
    expect(told).toHaveLength(1);
    expect(availability.isUp()).toBe(false);
  });
});
