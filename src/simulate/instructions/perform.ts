import { scopeAfter } from '../../dockerfile/scope.ts';
import type { Instruction } from '../../dockerfile/types.ts';
import { copy } from './copy.ts';
import { run } from './run.ts';
import { cmd, entrypoint, env, expose, healthcheck, label, shell, stopSignal, volume } from './settings.ts';
import { advance, refuse, type StageWalk } from './stage-walk.ts';
import { user, workdir } from './workdir.ts';

/** Simulates one instruction: the stage's state moves on. */
export function perform(walk: StageWalk, instruction: Instruction): void {
  switch (instruction.keyword) {
    case 'COPY':
    case 'ADD':
      copy(walk, instruction);
      return;
    case 'RUN':
      run(walk, instruction);
      return;
    case 'WORKDIR':
      workdir(walk, instruction);
      return;
    case 'USER':
      user(walk, instruction);
      return;
    case 'ENV':
      env(walk, instruction);
      return;
    case 'ARG': {
      const { build } = walk;
      walk.scope = scopeAfter(walk.scope, instruction, build.global, build.dockerfile.escape, build.buildArgs);
      return;
    }
    case 'LABEL':
      label(walk, instruction);
      return;
    case 'EXPOSE':
      expose(walk, instruction);
      return;
    case 'VOLUME':
      volume(walk, instruction);
      return;
    case 'CMD':
      cmd(walk, instruction);
      return;
    case 'ENTRYPOINT':
      entrypoint(walk, instruction);
      return;
    case 'HEALTHCHECK':
      healthcheck(walk, instruction);
      return;
    case 'STOPSIGNAL':
      stopSignal(walk, instruction);
      return;
    case 'SHELL':
      shell(walk, instruction);
      return;
    case 'ONBUILD':
      walk.triggers.push(instruction);
      advance(walk, instruction, walk.state);
      return;
    case 'UNKNOWN': {
      const { problem } = instruction;
      const failure = {
        at: problem.at,
        subject: instruction.written,
        text: problem.text,
        because: [],
        says: problem.text,
      };
      const item = refuse(walk, { kind: 'syntax', ...failure });
      advance(walk, instruction, walk.state, { breaks: [item] });
      return;
    }
    case 'FROM':
    case 'MAINTAINER':
      return;
  }
}
