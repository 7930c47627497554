export { type Blackhole, startBlackhole } from './blackhole.ts';
export { labFaults } from './fault-table.ts';
export type { FaultTable, LabArrival, LabAsk, LabFault, LabPlaces } from './lab-fault.ts';
export { labWords, noncesIn } from './lab-words.ts';
export { type Lab, type LabOptions, startLab } from './node-lab.ts';
export { LabParams } from './selector.ts';
export { type SpecialPorts, startSpecialPorts } from './special-ports.ts';
export type { Leak } from './trap.ts';
