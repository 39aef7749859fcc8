import { describe, expect, it } from 'vitest';
import { parseDockerfile } from './parse.ts';
import { type StageReference, stageGraph } from './stages.ts';

function graphOf(text: string, contexts: readonly string[] = []) {
  const file = parseDockerfile(text, 'Dockerfile');
  const graph = stageGraph(file, { contexts: new Set(contexts) });
  const show = (reference: StageReference): string | number => {
    if (reference.kind === 'stage') return reference.stage.index;
    if (reference.kind === 'invalid') return reference.error;
    return reference.kind === 'image' || reference.kind === 'context'
      ? `${reference.kind} ${reference.name}`
      : reference.kind;
  };
  return {
    file,
    graph,
    of: (index: number) => {
      const stage = file.stages[index];
      return stage === undefined ? [] : graph.dependencies(stage).map(({ reference }) => show(reference));
    },
  };
}

describe('stage lookup', () => {
  it('leaves out the stages that a target does not need', () => {
    const { file, graph } = graphOf(
      'FROM a AS base\nFROM base AS dev\nFROM base AS build\nFROM scratch\nCOPY --from=build /x /x\n',
    );
    const target = graph.target();
    expect(target).toBe(file.stages[3]);
    expect(target && graph.needed(target).map((stage) => stage.index)).toEqual([0, 2, 3]);
  });

  it('ignores case in --from and in targets, but not in FROM', () => {
    const { of, graph } = graphOf('FROM a AS Build\nFROM Build\nCOPY --from=BUILD /x /y\n');
    expect(of(1)).toEqual(['image Build', 0]);
    expect(graph.target('bUILD')?.index).toBe(0);
  });

  it('finds stages by number in COPY, never in a mount', () => {
    expect(graphOf('FROM a\nFROM b\nCOPY --from=0 /x /y\nRUN --mount=from=0,target=/z true\n').of(1)).toEqual([
      'image b',
      0,
      'image 0',
    ]);
  });

  it('takes the last of two stages with one name, even when it comes too late', () => {
    const { of } = graphOf('FROM a AS x\nFROM b AS y\nCOPY --from=x /f /f\nFROM c AS x\n');
    expect(of(1)).toEqual(['image b', 'cannot copy from stage "x", it needs to be defined before current stage "y"']);
  });

  it('says that a stage cannot copy from itself, a missing number, or a variable', () => {
    const { of } = graphOf('FROM a AS x\nCOPY --from=x /f /f\nCOPY --from=7 /f /f\nCOPY --from=$S /f /f\n');
    expect(of(0).slice(1)).toEqual([
      'circular dependency detected on stage: x',
      'invalid stage index 7',
      expect.stringContaining('variable expansion is not supported for --from'),
    ]);
  });

  it('does not guess a base that depends on a variable', () => {
    expect(graphOf('ARG B\nFROM $B\n').of(0)).toEqual(['unknown']);
  });

  it('lets a named context take the place of a stage or an image', () => {
    expect(graphOf('FROM node AS x\nCOPY --from=shared / /\n', ['shared', 'node']).of(0)).toEqual([
      'context node',
      'context shared',
    ]);
  });
});
