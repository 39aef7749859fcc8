import { type Fact, known, type Reason } from '../facts/fact.ts';
import type { ImageFields } from './image.ts';
import type { Group, InstalledPackage, User } from './state.ts';

/** The part of a change that is about what an image knows besides its files: users, packages, commands. */
export abstract class FieldsChange {
  readonly reason: Reason;
  protected fields: ImageFields;

  constructor(fields: ImageFields, reason: Reason) {
    this.fields = fields;
    this.reason = reason;
  }

  /** Stamp of what is done now. */
  protected abstract get clock(): number;

  addUser(user: Omit<User, 'origin'>): this {
    const { users } = this.fields;
    if (!users.known) return this;
    const rest = users.value.filter((item) => item.name !== user.name);
    this.fields = { ...this.fields, users: { ...users, value: [...rest, { ...user, origin: this.reason }] } };
    return this;
  }

  addGroup(group: Omit<Group, 'origin'>): this {
    const { groups } = this.fields;
    if (!groups.known) return this;
    const rest = groups.value.filter((item) => item.name !== group.name);
    this.fields = { ...this.fields, groups: { ...groups, value: [...rest, { ...group, origin: this.reason }] } };
    return this;
  }

  addPackage(item: Omit<InstalledPackage, 'because'>, ...because: readonly Reason[]): this {
    return this.set({ packages: [...this.fields.packages, { ...item, because: [this.reason, ...because] }] });
  }

  setLanguage(name: string, abi: Fact<string>): this {
    return this.set({ languages: new Map([...this.fields.languages, [name, abi]]) });
  }

  /** A command that exists from now on though its path is not known. */
  addCommand(name: string, ...because: readonly Reason[]): this {
    const old = this.fields.baseCommands;
    const commands = new Map(old?.commands ?? []);
    commands.set(name, known('present' as const, this.reason, ...because));
    return this.set({
      baseCommands: { directories: old?.directories ?? [], stamp: old?.stamp ?? this.clock, commands },
    });
  }

  /** Replaces other fields: users, groups, env … */
  set(fields: Partial<Omit<ImageFields, 'tree'>>): this {
    this.fields = { ...this.fields, ...fields };
    return this;
  }
}
