/**
 * Campaign files on Node.js.
 *
 * @packageDocumentation
 */
export { isCampaignPath, readCampaign } from './read-campaign.node.js';
