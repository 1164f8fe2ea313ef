import type { Priority } from '../../model/priority.js';
import type { ContainerKind, FieldName } from './vocabulary.js';

/*
 * The usual words of German, Chinese and Japanese documents. Headings and keys are in the form of `aliasForm`.
 */

const HEADINGS: Partial<Record<ContainerKind, string>> = {
  features:
    'funktionen, funktionalitäten, funktionsumfang, umfang, leistungsumfang, 功能, 功能列表, 功能清单, 核心功能, 主要功能, 功能模块, 产品功能, 范围, 機能, 機能一覧, 主な機能, 主要機能, スコープ',
  requirements:
    'anforderungen, funktionale anforderungen, fachliche anforderungen, produktanforderungen, 需求, 需求列表, 功能需求, 功能性需求, 产品需求, 機能要件, 要件, 要件一覧, 要求事項',
  'non-functional':
    'nichtfunktionale anforderungen, nicht-funktionale anforderungen, qualitätsanforderungen, 非功能需求, 非功能性需求, 性能需求, 安全需求, 非機能要件, 性能要件, セキュリティ要件',
  technical: 'technische anforderungen, schnittstellenanforderungen, 技术需求, 技術要件',
  business: 'geschäftsanforderungen, geschäftsregeln, 业务需求, 业务规则, 業務要件',
  stories:
    'anwenderberichte, nutzergeschichten, benutzergeschichten, anwendungsfälle, 用户故事, 用例, ユーザーストーリー, ユースケース',
  criteria:
    'akzeptanzkriterien, abnahmekriterien, 验收标准, 验收条件, 受け入れ基準, 受入基準, 受け入れ条件, 受入条件, 完了条件, 完了の定義',
  milestones: 'meilensteine, zeitplan, 里程碑, 路线图, マイルストーン, ロードマップ',
  dependencies: 'abhängigkeiten, 依赖, 依赖关系, 依存関係',
  excluded:
    'nicht im umfang, außerhalb des umfangs, abgrenzung, abgrenzungen, nicht-ziele, nichtziele, offene fragen, offene punkte, risiken, glossar, anhang, hintergrund, ausblick, änderungshistorie, 不在范围内, 不包含, 非目标, 范围外, 待定问题, 开放问题, 风险, 术语表, 附录, 背景, 变更记录, 対象外, 範囲外, スコープ外, 未決事項, 課題, リスク, 用語集, 付録, 変更履歴',
};

const KEYS: Partial<Record<FieldName, string>> = {
  priority: 'priorität, wichtigkeit, 优先级, 重要性, 優先度, 重要度',
  description: 'beschreibung, zusammenfassung, 描述, 说明, 概述, 功能描述, 説明, 概要, 内容',
  criteria: `kriterien, ${HEADINGS.criteria}`,
  dependsOn:
    'abhängigkeiten, voraussetzungen, hängt ab von, abhängig von, blockiert durch, 依赖, 依赖于, 前置条件, 依存, 依存先, 前提条件',
  estimate: 'aufwand, schätzung, 工作量, 工时, 估算, 预估, 工数, 見積, 見積もり',
  owner: 'verantwortlich, verantwortliche, verantwortlicher, zuständig, 负责人, 担当, 担当者',
  tags: 'schlagworte, schlagwörter, 标签, タグ',
  value: 'nutzen, mehrwert, 价值, 业务价值, 価値, 効果',
  story: 'anwenderbericht, nutzergeschichte, 用户故事, ユーザーストーリー',
  notes: 'anmerkungen, hinweise, begründung, 备注, 備考, 補足',
  milestone: 'meilenstein, 里程碑, マイルストーン',
  complexity: 'komplexität, 复杂度, 複雑さ',
  id: 'kennung, 编号, 番号',
  requirements: 'anforderungen, 需求, 要件',
  ignored: 'ziel, 状态, 状態, 目标, 目的, 风险, リスク, 示例, 例',
};

const TITLE_COLUMNS = 'funktion, anforderung, bezeichnung, aufgabe, 功能, 名称, 需求, 功能名称, 機能, 機能名, 要件';

const PRIORITIES: Readonly<Record<Priority, string>> = {
  critical: 'kritisch, muss, sehr hoch, dringend, 紧急, 最高, 必须, 必需, 必須, 緊急',
  high: 'hoch, wichtig, soll, 高, 重要',
  medium: 'mittel, normal, 中, 一般, 普通',
  low: 'niedrig, gering, kann, 低, 可选, 任意',
  background: 'sehr niedrig, 最低',
};

export const foreignContainerOf = lookUp(HEADINGS);
export const foreignFieldOf = lookUp(KEYS);
export const isForeignTitleColumn = lookUp({ title: TITLE_COLUMNS });
const priorityOf = lookUp(PRIORITIES);

/** `Hoch`, `高`, `muss` with whatever follows in brackets or after a comma. */
export function foreignPriority(text: string): Priority | undefined {
  return priorityOf(text.split(/[,;(（，、]/)[0]?.trim() ?? '');
}

const STORIES: readonly RegExp[] = [
  /^als\s+(?:(?:ein|eine|einer)\s+)?(?<role>.{1,100}?),?\s+(?:möchte|will|kann)\s+(?:ich|man)\s+(?<goal>.+?)(?:,\s*(?:damit|sodass|um)\s+(?<benefit>.+))?$/is,
  /^作为(?:一[个名位])?(?<role>.{1,40}?)[，,]\s*我?(?:希望|想要|想|需要|可以)(?:能够?)?(?<goal>.+?)(?:[，,]\s*(?:以便|从而|这样)(?<benefit>.+))?$/s,
  /^(?<role>.{1,40}?)として[、,]\s*(?<goal>.+?(?:たい|ほしい|欲しい))(?:[。．、]\s*(?:なぜなら)?(?<benefit>.*))?$/s,
];

/** `Als … möchte ich …, damit …`, `作为…，我希望…，以便…`, `…として、…したい`. */
export function foreignStory(text: string): { role: string; goal: string; benefit?: string } | undefined {
  if (!/^als\s|^作为|として/i.test(text)) return undefined;
  for (const pattern of STORIES) {
    const groups = pattern.exec(text.slice(0, 1000))?.groups;
    if (!groups) continue;
    const benefit = trimmed(groups.benefit);
    return { role: trimmed(groups.role), goal: trimmed(groups.goal), ...(benefit && { benefit }) };
  }
  return undefined;
}

/** A sentence that says what has to be. */
export function isForeignDemand(text: string): boolean {
  return /(?:^|\s)(?:muss|müssen|soll|sollen|sollte|sollten)(?=\s)|必须|应当|应该|不得|なければならない|なければなりません/i.test(
    text,
  );
}

const HOURS: Readonly<Record<string, number>> = {
  stunde: 1,
  小时: 1,
  時間: 1,
  tag: 8,
  personentag: 8,
  天: 8,
  日: 8,
  人日: 8,
  woche: 40,
  周: 40,
  週間: 40,
};

/** Hours of a unit after a number; undefined for one that is not known. */
export function foreignUnit(word: string): number | undefined {
  return HOURS[word.toLowerCase().replace(/(?<=[a-z])(?:en|n|e)$/, '')] ?? HOURS[word.toLowerCase()];
}

function trimmed(text: string | undefined): string {
  return (text ?? '').replace(/[\s.,。．，、]+$/, '').trim();
}

function lookUp<K extends string>(words: Partial<Record<K, string>>): (word: string) => K | undefined {
  const found = new Map<string, K>();
  for (const [kind, list] of Object.entries(words) as [K, string][])
    for (const word of list.split(', ')) if (!found.has(word)) found.set(word, kind);
  return (word) => found.get(word);
}
