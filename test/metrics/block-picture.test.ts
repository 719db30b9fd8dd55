import { describe, expect, it } from 'vitest';
import { blockPicture } from '../../src/metrics/block-picture.ts';

const labels = ['a', 'b', 'c', 'd'];

describe('a picture in block characters', () => {
  it('has the same scale above and below, and a bar for the least there is', () => {
    const picture = { labels, reference: [0.4, 0.35, 0.25, 0], current: [0.799, 0.2, 0.001, 0] };
    expect(blockPicture(picture, { width: 24, apart: false })).toEqual(['▅▄▃ ', '█▃▁ ']);
  });

  it('keeps categories apart where there is room', () => {
    const picture = { labels, reference: [0.5, 0.5, 0, 0], current: [0, 0, 0.5, 0.5] };
    expect(blockPicture(picture, { width: 7, apart: true })).toEqual(['█ █    ', '    █ █']);
    expect(blockPicture(picture, { width: 6, apart: true })).toEqual(['██  ', '  ██']);
  });

  it('draws neighbouring numbers as one where there is no room, and leaves categories out', () => {
    const picture = { labels, reference: [0.25, 0.25, 0.25, 0.25], current: [0, 0, 0, 1] };
    expect(blockPicture(picture, { width: 3, apart: false })).toEqual(['▄▄', ' █']);
    expect(blockPicture(picture, { width: 3, apart: true })).toEqual(['███', '   ']);
  });

  it('shows an empty sample as nothing', () => {
    const picture = { labels: ['a'], reference: [0], current: [1] };
    expect(blockPicture(picture, { width: 24, apart: false })).toEqual([' ', '█']);
  });
});
