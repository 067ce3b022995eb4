import type { Random } from '@hearken/metrics';
import { addBurst, addTone, lowNoise, soundRate } from './synthesis.js';

type Sound = (random: Random) => Float32Array;

/** One second of each kind of scene, without background noise. */
export const sceneSounds: Readonly<Record<string, Sound>> = {
  birds(random) {
    const signal = new Float32Array(soundRate);
    for (let count = 3 + random.integer(5); count > 0; count -= 1) {
      const base = random.uniform(2000, 4500);
      const depth = random.uniform(200, 1200);
      const speed = 2 * Math.PI * random.uniform(8, 25);
      addTone(signal, {
        start: random.uniform(0, 0.85),
        seconds: random.uniform(0.05, 0.15),
        frequency: (time) => base + depth * Math.sin(speed * time),
        harmonics: [random.uniform(0.3, 1)],
      });
    }
    return signal;
  },
  engine(random) {
    const signal = lowNoise(random, soundRate, 300).map((value) => value * 0.3);
    const base = random.uniform(40, 110);
    const drift = random.uniform(-0.15, 0.15);
    const harmonics = Array.from({ length: 12 }, (_, index) => random.uniform(0.3, 1) / (1 + index / 2));
    addTone(signal, { start: 0, seconds: 1, frequency: (time) => base * (1 + drift * time), harmonics });
    return signal;
  },
  knocks(random) {
    const signal = new Float32Array(soundRate);
    const gap = random.uniform(0.1, 0.3);
    for (let start = random.uniform(0, gap); start < 0.97; start += gap * random.uniform(0.9, 1.1)) {
      addBurst(signal, random, start, random.uniform(0.004, 0.015), 1);
      addTone(signal, {
        start,
        seconds: 0.08,
        frequency: () => 220,
        harmonics: [1, 0.5],
        envelope: (time) => Math.exp(-time / 0.02),
      });
    }
    return signal;
  },
  rain(random) {
    const signal = lowNoise(random, soundRate, 6000).map((value) => value * 0.15);
    for (let drops = 60 + random.integer(120); drops > 0; drops -= 1) {
      addBurst(signal, random, random.uniform(0, 0.99), random.uniform(0.0005, 0.002), random.uniform(0.1, 1));
    }
    return signal;
  },
  siren(random) {
    const signal = new Float32Array(soundRate);
    const centre = random.uniform(600, 1100);
    const depth = random.uniform(0.2, 0.4);
    const speed = 2 * Math.PI * random.uniform(0.5, 3);
    const offset = random.uniform(0, 2 * Math.PI);
    addTone(signal, {
      start: 0,
      seconds: 1,
      frequency: (time) => centre * (1 + depth * Math.sin(speed * time + offset)),
      harmonics: [1, 0.4, 0.3, 0.1],
    });
    return signal;
  },
  wind(random) {
    const speed = 2 * Math.PI * random.uniform(0.4, 2);
    const offset = random.uniform(0, 2 * Math.PI);
    const gusts = (index: number) => 0.6 + 0.4 * Math.sin((speed * index) / soundRate + offset);
    return lowNoise(random, soundRate, random.uniform(150, 900)).map((value, index) => value * gusts(index));
  },
};
